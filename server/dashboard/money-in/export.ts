import { showId } from '../../id.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import { toShillings } from '../../money.ts'
import { accountColumn, csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { SignedIn } from '../signed-in.ts'
import { phoneFor } from '../words.ts'
import { ways } from './ways.ts'

/** What accountants want of money that came. Charges stand in M-Pesa's statement alone. */
export function moneyExport(signedIn: SignedIn): CsvColumn<MoneyIn>[] {
  return [
    ['Date (Nairobi)', ({ paid_at, created_at }) => csvTime(paid_at ?? created_at)],
    ['M-Pesa code', ({ receipt }) => receipt],
    ['Gross (KSh)', ({ amount_cents }) => toShillings(amount_cents)],
    ['Charge (KSh)', () => ''],
    ['Refund (KSh)', ({ reversed_cents }) => toShillings(reversed_cents)],
    ['Net (KSh)', ({ amount_cents, reversed_cents }) => toShillings(amount_cents - reversed_cents)],
    ['Reference', ({ reference }) => reference ?? ''],
    ['Payer', ({ payer_name }) => payer_name ?? ''],
    ['Phone', ({ phone, phone_masked }) => phoneFor(signedIn, phone, phone_masked)],
    ['Came by', ({ kind }) => ways[kind]],
    accountColumn,
    ['Payment', ({ payment_id }) => (payment_id ? showId('pay', payment_id) : '')],
  ]
}
