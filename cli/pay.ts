import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { demoFile, findRunning, loadSettings, recall } from './home.ts'
import type { Demo } from './home.ts'

type Payment = {
  id: string
  status: string
  amount: string
  phone: string
  provider_receipt: string | null
  failure: { code: string; message: string | null } | null
}

const lookAgainMs = 500
const patienceMs = 180_000

/** `lango pay 0712345678 100 [--reference INV-204] [--key sk_…] [--url http://…]`: asks a phone to pay, and watches it happen. */
export async function run(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { reference: { type: 'string' }, key: { type: 'string' }, url: { type: 'string' } },
  })
  const [phone, amount] = positionals
  if (!phone || !amount) throw new Error('Usage: lango pay 0712345678 100 [--reference INV-204]')
  const settings = loadSettings()
  const key = values.key ?? recall<Demo>(demoFile(settings))?.key
  if (!key) throw new Error('There is no demo key here. Run lango start first, or give --key.')
  const url = values.url ?? findRunning(settings)?.url ?? `http://localhost:${settings.PORT}`
  const call = caller(url, key)

  const asked = await call('POST', '/v1/payments', {
    amount,
    phone,
    ...(values.reference && { account_reference: values.reference }),
  })
  console.log(`${asked.id}  KES ${asked.amount} from ${asked.phone}`)
  if (asked.status === 'pending') console.log('Asked. Waiting for the PIN …')
  const ended = await watch(call, asked)
  if (ended.status === 'completed') console.log(`Paid. ${ended.provider_receipt ?? 'The M-Pesa code follows.'}`)
  else if (ended.status === 'pending') console.log('Still waiting. Lango goes on asking M-Pesa; look again later.')
  else throw new Error(`Not paid: ${ended.failure?.message ?? ended.status} (${ended.failure?.code ?? ended.status})`)
}

type Call = (method: string, path: string, body?: unknown) => Promise<Payment>

async function watch(call: Call, asked: Payment): Promise<Payment> {
  let payment = asked
  for (let waitedMs = 0; payment.status === 'pending' && waitedMs < patienceMs; waitedMs += lookAgainMs) {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    payment = await call('GET', `/v1/payments/${asked.id}`)
  }
  return payment
}

function caller(url: string, key: string): Call {
  return async (method, path, body) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'X-API-Key': key,
        'Content-Type': 'application/json',
        ...(method === 'POST' && { 'Idempotency-Key': randomUUID() }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => {
      throw new Error(`Lango does not answer at ${url}. Start it with lango start.`)
    })
    const answer = (await response.json()) as
      | { success: true; data: Payment }
      | { success: false; error: { message: string } }
    if (!answer.success) throw new Error(answer.error.message)
    return answer.data
  }
}
