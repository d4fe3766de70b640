import { setTimeout as wait } from 'node:timers/promises'
import type { LangoEvent, MoneyIn, Payment } from '@lango/client'
import { control } from '../trigger/simulator.ts'
import { Missing, tryCase } from './notebook.ts'
import type { Case, Notes } from './notebook.ts'

/** What was given by M-Pesa, to ask it directly. */
export type MpesaKeys = { consumer_key: string; consumer_secret: string; passkey: string; shortcode: string }

/** What was given by Pesaflow, to ask it directly. */
export type PesaflowKeys = { api_client_id: string; service_id: string; api_key: string; secret: string }

/** What is verified, and with what. */
export type Stage = {
  environment: 'simulator' | 'sandbox'
  /** Where Lango is, and a key of the merchant as whom everything is done. */
  url: string
  key: string
  /** Where the simulator is. In the sandbox there is none, and nobody can choose what a payer does. */
  simulator: string | undefined
  /** Where the providers answer, where that is not their own address. */
  upstream: string | undefined
  mpesa: MpesaKeys | undefined
  pesaflow: PesaflowKeys | undefined
  /** In the sandbox, whose owner approves what is asked. */
  phone: string | undefined
}

const lookEveryMs = 300
const patienceMs = 90_000
const personPatienceMs = 180_000

/** Tries a case with whatever is secret on this stage kept out of it. */
export function caseOn(stage: Stage): (name: string, plot: (notes: Notes) => Promise<void>) => Promise<Case> {
  const { key, mpesa, pesaflow, phone } = stage
  const secrets = [
    key,
    // M-Pesa's own ids have it in them.
    ...(phone ? [phone.slice(-9)] : []),
    ...(mpesa ? [mpesa.consumer_key, mpesa.consumer_secret, mpesa.passkey] : []),
    ...(pesaflow ? [pesaflow.api_key, pesaflow.secret] : []),
  ]
  return (name, plot) => tryCase(name, secrets, plot)
}

type Refusal = { code: string; param: string | null }

/** Calls Lango's API as the merchant, and answers the status and what is inside. */
export async function call<Data = Record<string, unknown>>(
  { url, key }: Stage,
  { fetch }: Notes,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; data: Data; error: Refusal | undefined }> {
  const response = await fetch(url + path, {
    method,
    headers: { 'X-API-Key': key, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const { data, error } = (await response.json().catch(() => ({}))) as { data: Data; error?: Refusal }
  return { status: response.status, data, error }
}

/** Looks again until it is so, and answers what it then is; what it is at last, where it never is. */
export async function until<Seen>(
  look: () => Promise<Seen>,
  isSo: (seen: Seen) => boolean,
  { simulator }: Pick<Stage, 'simulator'>,
): Promise<Seen> {
  const longest = simulator ? patienceMs : personPatienceMs
  let seen = await look()
  for (let waitedMs = 0; !isSo(seen) && waitedMs < longest; waitedMs += lookEveryMs) {
    await wait(lookEveryMs)
    seen = await look()
  }
  return seen
}

/** The payment as it is when it is over, or so. */
export function payment(
  stage: Stage,
  notes: Notes,
  id: string,
  isSo = ({ status }: Payment) => status !== 'pending',
): Promise<Payment> {
  return until(async () => (await call<Payment>(stage, notes, 'GET', `/v1/payments/${id}`)).data, isSo, stage)
}

let last = Math.floor(Math.random() * 900_000)

/** A phone that answers by itself in this way; in the sandbox, the one of whoever runs this, who approves. */
export async function phoneThat(
  { simulator, phone }: Stage,
  answer: 'approve' | 'cancel' | 'ignore' | 'unreachable',
): Promise<string> {
  if (!simulator) {
    if (phone && answer === 'approve') return phone
    throw new Missing(
      answer === 'approve'
        ? 'It takes a phone whose owner approves: give --phone 07…'
        : 'Only in the simulator can what a payer does be chosen.',
    )
  }
  if (answer === 'unreachable') return '254700001037'
  last = (last + 1) % 1_000_000
  const msisdn = `254799${String(last).padStart(6, '0')}`
  await control(simulator, `/phones/${msisdn}`, { name: 'Verify', balance: 100_000, auto: answer }, 'PUT')
  return msisdn
}

/** A phone whose owner pays bills from the SIM menu. */
export async function payerOfBills(stage: Stage): Promise<string> {
  if (stage.simulator) return phoneThat(stage, 'approve')
  throw new Missing('Only in the simulator does somebody pay a bill by themselves.')
}

/** Pays a bill at eCitizen's paybill, which nobody has to be asked for. */
export async function payAtPaybill(
  { simulator }: Stage,
  phone: string,
  { amount, reference }: { amount: number; reference: string },
): Promise<void> {
  await control(simulator!, `/phones/${phone}/pay`, { shortcode: '222222', amount, reference })
}

/** Has callbacks of an API suffer this, while `work` goes on, if they concern this phone. */
export async function withFault<Result>(
  { simulator }: Stage,
  rule: { api: string; fault: string; msisdn: string },
  work: () => Promise<Result>,
): Promise<Result> {
  if (!simulator) throw new Missing('Only in the simulator can a callback be lost or repeated.')
  const before = (await (await fetch(`${simulator}/_/faults`)).json()) as { rules: object[] }
  await control(simulator, '/faults', { rules: [...before.rules, { ...rule, probability: 1 }] }, 'PUT')
  try {
    return await work()
  } finally {
    await control(simulator, '/faults', { rules: before.rules }, 'PUT')
  }
}

/** What the simulator's own ledger says of a phone, in shillings: the truth that Lango is held against. */
export async function ledgerOf({ simulator }: Stage, msisdn: string): Promise<{ receipt: string; amount: number }[]> {
  const { entries } = (await (await fetch(`${simulator}/_/ledger`)).json()) as {
    entries: { receipt: string; amount: number; msisdn: string }[]
  }
  return entries.filter((entry) => entry.msisdn === msisdn).map(({ receipt, amount }) => ({ receipt, amount }))
}

/** What came in for a payment, as Lango has it in its books. */
export async function moneyOf(stage: Stage, notes: Notes, id: string): Promise<{ receipt: string; amount: string }[]> {
  const { data } = await call<MoneyIn[]>(stage, notes, 'GET', '/v1/money-in?limit=100')
  return data.filter((row) => row.payment_id === id).map(({ receipt, amount }) => ({ receipt, amount }))
}

/** How often an event of this type told of a payment. */
export async function timesTold(stage: Stage, notes: Notes, type: string, id: string): Promise<number> {
  const { data } = await call<LangoEvent[]>(stage, notes, 'GET', `/v1/events?type=${type}&limit=100`)
  return data.filter((event) => (event.data as { payment_id?: string }).payment_id === id).length
}

/** From what source that came which completed a payment. */
export async function settledBy(stage: Stage, notes: Notes, id: string): Promise<string[]> {
  const { data } = await call<Evidence[]>(stage, notes, 'GET', `/v1/payments/${id}/evidence`)
  return data.filter(({ effect }) => effect === 'completed').map(({ source }) => source)
}

type Evidence = { source: string; effect: string }
