import type { Pesaflow } from './client.ts'
import { amountObjection, currencyObjection, phoneObjection, textObjection, urlObjection } from './core/objections.ts'
import type { Objection } from './core/objections.ts'
import { writeAmount } from './amount.ts'
import { checkoutHash } from './secure-hash.ts'

/** What somebody is to pay, and where Pesaflow tells of it. */
export type Bill = {
  /** The number of the service that is paid for, which belongs to the client number. */
  serviceId: string
  /** Yours, and unique: a bill that was paid is never paid again. It comes back as `client_invoice_ref`. */
  reference: string
  description: string
  /** Without Pesaflow's commission, which the payer pays on top. */
  amountCents: number
  /** Defaults to `KES`. */
  currency?: string
  payer: {
    name: string
    /** Of the national identity card, the passport or the company. */
    idNumber: string
    /** `254…`, twelve digits. */
    phone?: string
    email?: string
  }
  /** Where payments are notified: see `parseIpn`. */
  notificationUrl: string
  /** Where the payer's browser comes back to. It tells nothing of the payment: ask for its status. */
  returnUrls: { success: string; failure?: string; timeout?: string }
  /** A picture of the payer, for the page. */
  pictureUrl?: string
}

/** How the answer is wanted, and whether the payer's phone is asked at once. */
export type CheckoutForm = { format: 'json' | 'iframe'; sendStk: boolean }

/** The fields of a checkout with their hash, as Pesaflow spells them. */
export async function billFields(pesaflow: Pesaflow, bill: Bill, form: CheckoutForm): Promise<Record<string, string>> {
  const { payer, returnUrls } = bill
  const hashed = {
    amountExpected: writeAmount(bill.amountCents),
    serviceID: bill.serviceId.trim(),
    clientIDNumber: payer.idNumber.trim(),
    currency: bill.currency ?? 'KES',
    billRefNumber: bill.reference.trim(),
    billDesc: bill.description.trim(),
    clientName: payer.name.trim(),
  }
  const failure = returnUrls.failure
  return present({
    apiClientID: pesaflow.apiClientId,
    ...hashed,
    clientMSISDN: payer.phone?.replace('+', ''),
    clientEmail: payer.email?.trim(),
    notificationURL: bill.notificationUrl,
    callBackURLOnSuccess: returnUrls.success,
    // Integrators spell it in two ways, and nobody knows which of them Pesaflow reads.
    callBackURLOnFail: failure,
    callBackURLOnFailure: failure,
    callBackURLOnTimeout: returnUrls.timeout,
    pictureURL: bill.pictureUrl,
    format: form.format,
    sendSTK: String(form.sendStk),
    secureHash: await checkoutHash(pesaflow, hashed),
  })
}

/** Why Pesaflow would refuse a bill. */
export function billObjections(bill: Bill): Objection[] {
  const { payer, returnUrls } = bill
  return [
    amountObjection(bill.amountCents),
    currencyObjection(bill.currency ?? 'KES'),
    textObjection('service number', bill.serviceId),
    textObjection('reference', bill.reference),
    textObjection('description', bill.description),
    textObjection("payer's name", payer.name),
    textObjection("payer's identity number", payer.idNumber),
    payer.phone === undefined ? undefined : phoneObjection(payer.phone),
    urlObjection('notification address', bill.notificationUrl),
    ...Object.values(returnUrls).map((url) => (url === undefined ? undefined : urlObjection('return address', url))),
  ]
}

function present(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
