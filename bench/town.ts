import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Everybody whom a payment meets outside: a Daraja that accepts each push at once, and a shop that takes each webhook. */
export type Town = {
  url: string
  /** The path of the callback of a push, by the id that Daraja gave it. */
  callbackOf(checkoutRequestId: string): string
  /** Resolves once the shop has heard that a payment is complete. */
  heard(paymentId: string): Promise<void>
  /** How often the shop heard of each payment. */
  readonly told: ReadonlyMap<string, number>
  close(): void
}

/** The fields, of pushes and webhooks, that matter here. */
type Told = { CallBackURL: string; type: string; data: { payment_id: string } }

/** The least that Lango can be talked to by, so that what is measured is Lango. */
export async function createTown(): Promise<Town> {
  const callbacks = new Map<string, string>()
  const told = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  let pushes = 0

  const answers: Record<string, (body: Told) => unknown> = {
    '/oauth/v1/generate': () => ({ access_token: 'bench', expires_in: '3599' }),
    '/mpesa/stkpush/v1/processrequest': ({ CallBackURL }) => {
      const id = `ws_CO_20112026143${String(++pushes).padStart(11, '0')}`
      callbacks.set(id, new URL(CallBackURL).pathname)
      return {
        MerchantRequestID: `29115-${pushes}-1`,
        CheckoutRequestID: id,
        ResponseCode: '0',
        ResponseDescription: 'Success. Request accepted for processing',
        CustomerMessage: 'Success. Request accepted for processing',
      }
    },
    '/hook': ({ type, data }) => {
      if (type !== 'payment.completed') return {}
      told.set(data.payment_id, (told.get(data.payment_id) ?? 0) + 1)
      waiting.get(data.payment_id)?.()
      return {}
    },
  }
  const hear = async (request: IncomingMessage) => {
    const body = await text(request)
    return answers[request.url!.split('?')[0]!]?.(JSON.parse(body || '{}'))
  }
  const server = createServer((request, response) => {
    void hear(request).then((answer) =>
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {})),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callbackOf: (id) => callbacks.get(id)!,
    heard: (id) => new Promise((resolve) => (told.has(id) ? resolve() : waiting.set(id, resolve))),
    told,
    close: () => void server.close(),
  }
}
