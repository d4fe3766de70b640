import { showId } from '../../id.ts'
import type { Payment } from '../../payments/payment.ts'
import { toShillings } from '../../money.ts'
import { accountColumn, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { SignedIn } from '../signed-in.ts'
import { failureWords, phoneFor } from '../words.ts'

/**
 * What accountants want of payments. Charges of M-Pesa are not told for each payment: they stand in its statement, so that the
 * column is empty and net is what came less what went back.
 */
export function paymentExport(signedIn: SignedIn): CsvColumn<Payment>[] {
  return [
    ['Date (Nairobi)', ({ paid_at, created_at }) => csvTime(paid_at ?? created_at)],
    ['M-Pesa code', ({ provider_receipt }) => provider_receipt ?? ''],
    ['Status', ({ status, failure_code }) => (status === 'failed' ? failureWords(failure_code) : statusNames[status])],
    ['Asked for (KSh)', ({ amount_cents }) => toShillings(amount_cents)],
    ['Gross (KSh)', ({ received_cents }) => toShillings(received_cents)],
    ['Charge (KSh)', () => ''],
    ['Refund (KSh)', ({ refunded_cents }) => toShillings(refunded_cents)],
    ['Net (KSh)', ({ received_cents, refunded_cents }) => toShillings(received_cents - refunded_cents)],
    ['Reference', ({ sent_reference }) => sent_reference],
    ['Own reference', ({ external_reference }) => external_reference ?? ''],
    ['Payer', ({ payer_name }) => payer_name ?? ''],
    ['Phone', ({ phone, payer_phone_masked }) => phoneFor(signedIn, phone, payer_phone_masked)],
    accountColumn,
    ['Payment', ({ id }) => showId('pay', id)],
  ]
}

const statusNames: Record<Exclude<Payment['status'], 'failed'>, string> = {
  created: 'Waiting',
  pending: 'Waiting',
  completed: 'Paid',
  reversed: 'Went back',
}
