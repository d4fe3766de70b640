import type { Poster } from './post.ts'
import { callbackBody } from './prepare.ts'
import type { Town } from './town.ts'

let made = 0

/** One payment, whole: created, pushed to a phone, called back, settled, and told to the shop. What `POST /v1/payments` took of it is told apart. */
export async function payOnce(
  post: Poster['post'],
  { town, key }: { town: Town; key: string },
): Promise<{ createdMs: number; wholeMs: number }> {
  const number = ++made
  const startedAt = performance.now()
  const body = JSON.stringify({
    amount: 100,
    currency: 'KES',
    provider: 'mpesa',
    phone: '0712345678',
    external_reference: `order-${number}`,
  })
  const answer = await post('/v1/payments', body, { 'x-api-key': key, 'idempotency-key': `bench-${number}` })
  const createdMs = performance.now() - startedAt
  const { id, provider_ref } = JSON.parse(answer).data
  const receipt = `UKK${number.toString(36).toUpperCase().padStart(7, '0')}`
  await post(town.callbackOf(provider_ref), callbackBody(provider_ref, receipt))
  await town.heard(id)
  return { createdMs, wholeMs: performance.now() - startedAt }
}
