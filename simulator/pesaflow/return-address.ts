import type { Bill } from './bill.ts'

export type Way = keyof Bill['return_urls']

/**
 * Where the payer's browser goes back to, with what integrators expect to find in it; undefined where no such address
 * was given, or it is none that a browser should follow.
 */
export function returnAddress(bill: Bill, way: Way): string | undefined {
  const url = URL.parse(bill.return_urls[way])
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  url.searchParams.set('invoiceNumber', bill.invoice_number)
  const receipt = bill.payments.at(-1)?.receipt
  if (way === 'success' && receipt !== undefined) url.searchParams.set('paymentReference', receipt)
  const reason = bill.prompt === null || bill.prompt.state === 'paid' ? 'left' : bill.prompt.state
  if (way !== 'success') url.searchParams.set('reason', reason)
  return url.href
}
