import type { Item } from '../../attention/item.ts'
import { formatKes } from '../../money.ts'
import type { Tone } from '../../web/parts/status.ts'

/** What somebody has to decide, as a person would say it: a state in two or three words, and what happened. */
export type Told = { tone: Tone; state: string; sentence: string }

type Telling = readonly [tone: Tone, state: string, sentence: (item: Item) => string]

const what = ({ reference, kind }: Item) => (reference ? reference : kind === 'money_in' ? 'it' : `this ${kind}`)
const whose = ({ payer_name }: Item) => payer_name ?? 'Somebody'

const tellings = new Map(
  Object.entries<Telling>({
    no_payment: [
      'pending',
      'Nobody asked',
      (item) =>
        item.reference
          ? `${whose(item)} paid and wrote “${item.reference}”, which matches nothing that was asked for.`
          : `${whose(item)} paid, and nothing was asked for with this amount.`,
    ],
    several_payments: [
      'pending',
      'Whose is it?',
      (item) => `${whose(item)} paid, and several payments could be meant.`,
    ],
    second_receipt: [
      'failed',
      'Paid twice',
      (item) => `${what(item)} was paid already, and money came for it once more.`,
    ],
    paid_twice: ['failed', 'Paid twice', (item) => `${what(item)} was paid by this attempt and by the one before it.`],
    wrong_amount: [
      'pending',
      'Another amount',
      (item) =>
        item.kind === 'payment'
          ? `${what(item)} was asked for with KSh ${item.amount_cents === null ? '?' : formatKes(item.amount_cents, 'short')}, and another amount came.`
          : `${whose(item)} paid another amount than was asked for.`,
    ],
    contradicts: [
      'failed',
      'Contradiction',
      (item) => `M-Pesa said that ${what(item)} succeeded, and later that it failed.`,
    ],
    mismatch: [
      'pending',
      'Not its own',
      (item) => `M-Pesa told something about ${what(item)} that names another request.`,
    ],
    unreadable_amount: [
      'failed',
      'Unreadable',
      (item) => `M-Pesa told an amount for ${what(item)} that could not be read.`,
    ],
    unreadable_evidence: [
      'failed',
      'Unreadable',
      (item) => `M-Pesa told something about ${what(item)} that could not be stored.`,
    ],
    receipt_used: [
      'failed',
      'Used code',
      (item) => `The M-Pesa code that came for ${what(item)} belongs to another payment.`,
    ],
    no_evidence: ['failed', 'Not known', (item) => `For 48 hours nothing told whether ${what(item)} was paid.`],
    receipt_awaited: [
      'pending',
      'No code yet',
      (item) => `${what(item)} is paid, and nothing has named its M-Pesa code.`,
    ],
    unknown_to_provider: [
      'failed',
      'Not at M-Pesa',
      (item) => `M-Pesa’s statement does not show the code of ${what(item)}.`,
    ],
    failed_at_provider: [
      'failed',
      'Failed there',
      (item) => `M-Pesa’s statement says that the transaction of ${what(item)} failed.`,
    ],
    already_reversed: [
      'failed',
      'Back already?',
      () => 'M-Pesa says that this money went back before, and it is not known how.',
    ],
    refunded_beyond_received: ['failed', 'Too much back', (item) => `More went back of ${what(item)} than came.`],
    refund_unsettled: ['pending', 'Refund open', () => 'For 48 hours nothing told what became of this refund.'],
    payout_unsettled: ['pending', 'Payout open', () => 'For 48 hours nothing told what became of this payout.'],
    payout_reversed: ['reversed', 'Came back', () => 'This payout came back. Pay again if it is still owed.'],
    part_returned: [
      'failed',
      'Other amount back',
      () => 'Of this payout another amount came back than was sent. Pay again what is still owed.',
    ],
    second_look: [
      'pending',
      'A second look',
      (item) =>
        `Somebody says that an invoice was paid elsewhere, with “${item.reference}”. Another of you must agree.`,
    ],
    other_shortcode: [
      'pending',
      'Other number',
      (item) => `${whose(item)} paid to a short code that is none of yours.`,
    ],
    two_amounts: ['failed', 'Two amounts', () => 'The records of M-PESA show this code with two amounts.'],
    contradicted: [
      'pending',
      'Whose is it?',
      (item) => `${whose(item)} paid, and M-Pesa says that the payment it fits failed.`,
    ],
    mismatched: ['failed', 'Does not agree', () => 'M-Pesa’s records and the books say different things.'],
    contradicts_itself: [
      'failed',
      'Does not add up',
      () => 'A statement contradicts itself: its lines do not make its own totals.',
    ],
    not_acted_on: ['failed', 'Unreadable', () => 'M-Pesa told something that could not be acted on. It may be money.'],
    without_token: [
      'pending',
      'Not believed',
      (item) =>
        `Somebody told of money${item.receipt ? ` with the code ${item.receipt}` : ''}, without proof that it came from M-Pesa.`,
    ],
  }),
)

/** Says of something that needs a person what it is. Its first reason is told; the others stand beside it. */
export function tellItem(item: Item): Told {
  const reason = item.reasons[0] ?? ''
  const [tone, state, sentence] = tellings.get(reason) ?? [
    'pending',
    'Set aside',
    () => `It was set aside: ${reason.replaceAll('_', ' ')}.`,
  ]
  return { tone, state, sentence: sentence(item).replace(/^./, (letter) => letter.toUpperCase()) }
}
