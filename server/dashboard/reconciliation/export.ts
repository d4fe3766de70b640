import { showId } from '../../id.ts'
import type { Item } from '../../reconciliation/item.ts'
import { explain } from '../../reconciliation/reason.ts'
import { toShillings } from '../../money.ts'
import { csvTime } from '../csv.ts'
import type { CsvColumn } from '../csv.ts'
import type { SignedIn } from '../signed-in.ts'
import { phoneFor } from '../words.ts'

const shillings = (cents: number | null) => (cents === null ? '' : toShillings(cents))
const isOf = (kind: Item['kind'], { kind: own, amount_cents }: Item) => (own === kind ? shillings(amount_cents) : '')

/** What accountants want of a comparison: each line of M-Pesa's records, charges among them, and what the books say to it. */
export const itemExport = (signedIn: SignedIn): CsvColumn<Item & { id: string }>[] => [
  ['Line', ({ line }) => (line === null ? '' : String(line))],
  ['Date (Nairobi)', ({ at }) => csvTime(at)],
  ['M-Pesa code', ({ receipt }) => receipt ?? ''],
  ['What', ({ kind }) => kind],
  ['Gross (KSh)', (item) => isOf('payment', item)],
  ['Charge (KSh)', (item) => isOf('charge', item)],
  ['Refund (KSh)', (item) => isOf('reversal', item)],
  ['Paid out (KSh)', (item) => isOf('payout', item)],
  [
    'Net (KSh)',
    ({ direction, amount_cents }) =>
      shillings(amount_cents === null ? null : direction === 'out' ? -amount_cents : amount_cents),
  ],
  ['In the books (KSh)', ({ expected_cents }) => shillings(expected_cents)],
  ['Outcome', ({ outcome }) => outcome.replaceAll('_', ' ')],
  ['Why', ({ reason, problem }) => `${explain(reason)}${problem ? ` ${problem}` : ''}`],
  ['Reference', ({ reference }) => reference ?? ''],
  ['Payer', ({ payer_name }) => payer_name ?? ''],
  ['Phone', ({ phone }) => phoneFor(signedIn, phone)],
  ['Payment', ({ payment_id }) => (payment_id ? showId('pay', payment_id) : '')],
  ['Payout', ({ payout_id }) => (payout_id ? showId('pot', payout_id) : '')],
]
