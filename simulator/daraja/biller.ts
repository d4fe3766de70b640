import { drawFaults } from '../draw-faults.ts'
import type { LedgerEntry } from '../ledger.ts'
import { nairobi } from '../nairobi.ts'
import { postOnce } from '../post-callback.ts'
import type { World } from '../world.ts'

/** An organisation that has opted in to Bill Manager. */
export type Biller = {
  app_key: string
  shortcode: string
  email: string
  official_contact: string
  sends_reminders: boolean
  callback_url: string
}

/** An invoice sent through Bill Manager. Amounts are shillings. */
export type BillerInvoice = {
  shortcode: string
  external_reference: string
  account_reference: string
  msisdn: string
  amount: number
  paid: number
  cancelled: boolean
}

const tryCount = 5
const tryAgainMs = 60_000

const billers = (world: World) => world.memory.collection<Biller>('billers')
const invoices = (world: World) => world.memory.recent<BillerInvoice>('biller-invoices')

export const findBiller = (world: World, shortcode: string): Biller | undefined => billers(world).get(shortcode)

export const findBillerByKey = (world: World, appKey: string): Biller | undefined =>
  [...billers(world).values()].find(({ app_key }) => app_key === appKey)

export const saveBiller = (world: World, biller: Biller): void => void billers(world).set(biller.shortcode, biller)

export const findInvoice = (world: World, shortcode: string, externalReference: string): BillerInvoice | undefined =>
  invoices(world).get(`${shortcode} ${externalReference}`)

export const saveInvoice = (world: World, invoice: BillerInvoice): void =>
  void invoices(world).set(`${invoice.shortcode} ${invoice.external_reference}`, invoice)

/** A customer has paid: the invoices of that account are paid as far as the money goes, and the biller is told. */
export function tellBiller(world: World, entry: LedgerEntry): void {
  const biller = findBiller(world, entry.shortcode)
  if (biller === undefined) return
  let left = entry.amount
  for (const invoice of invoices(world).values()) {
    if (invoice.shortcode !== biller.shortcode || invoice.account_reference !== entry.reference) continue
    const paid = invoice.cancelled ? 0 : Math.min(left, invoice.amount - invoice.paid)
    invoice.paid += paid
    left -= paid
  }
  void world.work.soon(() => push(world, biller, { entry, tryNumber: 1 }))
}

/** Posts the payment, and again until it is answered with 200: alone in Daraja, Bill Manager tries five times. */
async function push(
  world: World,
  biller: Biller,
  { entry, tryNumber }: { entry: LedgerEntry; tryNumber: number },
): Promise<void> {
  const { receipt, amount, msisdn, at, reference, shortcode } = entry
  const { year, month, day } = nairobi(new Date(at))
  const { status } = await postOnce(world, {
    api: 'billmanager',
    url: biller.callback_url,
    shortcode,
    msisdn,
    body: {
      transactionId: receipt,
      paidAmount: String(amount),
      msisdn,
      dateCreated: `${year}-${month}-${day}`,
      accountReference: reference ?? '',
      shortCode: shortcode,
    },
    struck: drawFaults(world, 'billmanager', msisdn),
  })
  if (status === 200 || tryNumber === tryCount) return
  world.work.after(tryAgainMs, () => push(world, biller, { entry, tryNumber: tryNumber + 1 }))
}
