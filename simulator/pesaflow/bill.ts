import { shillings } from '../shillings.ts'
import type { World } from '../world.ts'

/** The paybill into which eCitizen collects for everybody; the account is the number of the bill. */
export const ecitizenPaybill = '222222'

/** What somebody is to pay to a client of Pesaflow. Amounts are shillings. */
export type Bill = {
  /** Pesaflow's own, six capitals. */
  invoice_number: string
  /** Names the page to pay at, and nobody can guess it. */
  request_id: string
  api_client_id: string
  service_id: string
  /** The client's. */
  reference: string
  description: string
  currency: string
  net: number
  commission: number
  payer: { name: string; id_number: string; msisdn: string; email: string }
  notification_url: string
  return_urls: { success: string; failure: string; timeout: string }
  created_at: string
  payments: BillPayment[]
  /** The latest prompt that the payer was sent. */
  prompt: BillPrompt | null
}

export type BillPayment = {
  receipt: string
  amount: number
  msisdn: string
  at: string
  /** From when on the status knows of it. */
  known_at: string
}

export type BillPrompt = { msisdn: string; amount: number; state: PromptState; at: string }
export type PromptState = 'ringing' | 'paid' | 'cancelled' | 'timed_out' | 'not_reached' | 'wrong_pin' | 'not_enough'

/** What a request for a bill says of it. */
export type BillAsked = Omit<
  Bill,
  'invoice_number' | 'request_id' | 'commission' | 'created_at' | 'payments' | 'prompt'
>

const bills = (world: World) => world.memory.recent<Bill>('pesaflow-bills')

/** Numbers of bills by the other names that they have: client and reference, and their page's. */
const names = (world: World) => world.memory.recent<string>('pesaflow-bill-names')

export const allBills = (world: World): Bill[] => [...bills(world).values()]

export const findBill = (world: World, invoiceNumber: string): Bill | undefined => bills(world).get(invoiceNumber)

/** A client's bill by Pesaflow's number or the client's own reference; of several, the latest. */
export function findBillOf(world: World, clientId: string, refNo: string): Bill | undefined {
  const named = findBill(world, refNo)
  if (named?.api_client_id === clientId) return named
  return findBill(world, names(world).get(`${clientId} ${refNo}`) ?? '')
}

export const findBillByPage = (world: World, requestId: string): Bill | undefined =>
  findBill(world, names(world).get(requestId) ?? '')

/** Makes a bill, or with a reference that is there and unpaid changes it, unless the settings want a second one. */
export function saveBill(world: World, asked: BillAsked): Bill {
  const commission = commissionOn(world, asked.net)
  const before = findBillOf(world, asked.api_client_id, asked.reference)
  if (before?.reference === asked.reference && world.settings.pesaflow_repeated_bill === 'same') {
    // What was paid in part stays at its amount.
    const amounts = before.payments.length === 0 ? { net: asked.net, commission } : {}
    const { net: _net, ...rest } = asked
    Object.assign(before, rest, amounts)
    world.changed('bills')
    return before
  }
  const bill: Bill = {
    ...asked,
    invoice_number: newNumber(world),
    request_id: world.random.text(20, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'),
    commission,
    created_at: world.clock.now().toISOString(),
    payments: [],
    prompt: null,
  }
  bills(world).set(bill.invoice_number, bill)
  names(world).set(bill.request_id, bill.invoice_number)
  names(world).set(`${bill.api_client_id} ${bill.reference}`, bill.invoice_number)
  world.changed('bills')
  return bill
}

/** What the payer pays: the bill and the commission. */
export const expectedOf = ({ net, commission }: Bill): number => shillings(net + commission)

export const paidOf = ({ payments }: Bill): number => shillings(payments.reduce((sum, { amount }) => sum + amount, 0))

export const leftOf = (bill: Bill): number => Math.max(0, shillings(expectedOf(bill) - paidOf(bill)))

/** What of a payment is commission: the bill itself is paid first. */
export function commissionIn(bill: Bill, amount: number): number {
  const before = paidOf(bill)
  const reached = (paid: number) => Math.min(Math.max(paid - bill.net, 0), bill.commission)
  return shillings(reached(before + amount) - reached(before))
}

/** Resembles what was seen, 5 on 100 and 50 on 2,499,900: half a percent, from 5 to 50. */
function commissionOn({ settings: { pesaflow_commission } }: World, net: number): number {
  return pesaflow_commission ?? shillings(Math.min(Math.max(net * 0.005, 5), 50))
}

function newNumber(world: World): string {
  for (;;) {
    const number = world.random.text(6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
    if (!bills(world).has(number)) return number
  }
}
