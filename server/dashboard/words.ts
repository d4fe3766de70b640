import { RESULT_CODES } from '@lango/daraja'
import type { Invoice } from '../invoices/invoice.ts'
import { isOverdue } from '../invoices/invoice.ts'
import type { Payment } from '../payments/payment.ts'
import type { Payout } from '../payouts/payout.ts'
import type { ProviderName } from '../providers/names.ts'
import type { Refund } from '../refunds/refund.ts'
import type { Html } from '../web/html.ts'
import { showHidden, showMasked, showPhone } from '../web/parts/phone.ts'
import { status } from '../web/parts/status.ts'
import { may } from './may.ts'
import type { SignedIn } from './signed-in.ts'

/** Why a payment was not paid, in two or three words, by its failure's code. */
const failures = new Map(
  Object.entries<string>({
    cancelled_by_payer: 'Cancelled',
    wrong_pin: 'Wrong PIN',
    insufficient_funds: 'No funds',
    payer_unreachable: 'Phone not reached',
    prompt_expired: 'Prompt expired',
    limit_exceeded: 'Over the limit',
    payer_busy: 'Payer busy',
    refused: 'Not taken',
    provider_error: 'M-Pesa failed',
    expired: 'Never paid',
    no_evidence: 'Not known',
    rejected: 'Rejected',
  }),
)

/** The words for why something failed; a code that has none speaks for itself. */
export function failureWords(code: string | null): string {
  return (
    failures.get(code ?? '') ?? (code ?? 'Failed').replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
  )
}

/** Why a payment was not paid, for who works at the shop. What is kept of it is what its payer was told. */
export function reasonOf<Message extends string | null>(
  provider: ProviderName,
  { provider_code, message }: { provider_code: string | null; message: Message },
): Message | string {
  const known = provider === 'mpesa' && RESULT_CODES.find(({ code, failure }) => failure && code === provider_code)
  return known ? known.meaning : message
}

/** How a payment is. */
export function paymentStatus(payment: Pick<Payment, 'status' | 'failure_code'>): Html {
  switch (payment.status) {
    case 'completed':
      return status('completed', 'Paid')
    case 'reversed':
      return status('reversed', 'Went back')
    case 'failed':
      return status(payment.failure_code === 'expired' ? 'idle' : 'failed', failureWords(payment.failure_code))
    default:
      return status('pending', 'Waiting')
  }
}

/** How a refund is. */
export function refundStatus({ status: is }: Pick<Refund, 'status'>): Html {
  if (is === 'completed') return status('reversed', 'Went back')
  return is === 'failed' ? status('failed', 'Did not go') : status('pending', 'On its way')
}

/** How a payout is. */
export function payoutStatus({ status: is, failure_code }: Pick<Payout, 'status' | 'failure_code'>): Html {
  if (is === 'completed') return status('completed', 'Arrived')
  if (is === 'returned') return status('reversed', 'Came back')
  if (is === 'awaiting_approval') return status('pending', 'To approve')
  return is === 'failed' ? status('failed', failureWords(failure_code)) : status('pending', 'On its way')
}

/** How an invoice is. One that is past its day is that first. */
export function invoiceStatus(invoice: Invoice, now: Date): Html {
  if (isOverdue(invoice, now)) return status('failed', 'Overdue')
  const [tone, words] = invoiceStates[invoice.status]
  return status(tone, words)
}

const invoiceStates = {
  open: ['idle', 'Open'],
  part_paid: ['pending', 'Part paid'],
  paid: ['completed', 'Paid'],
  overpaid: ['reversed', 'Overpaid'],
  void: ['idle', 'Void'],
} as const

/** A phone as who is signed in may see it: whole, or so that only its owner knows it. */
export function phoneFor(signedIn: SignedIn, phone: string | null, masked: string | null = null): string {
  if (phone === null) return masked === null ? '' : showHidden(masked)
  return may(signedIn, 'payers:read') ? showPhone(phone) : showMasked(phone)
}

/** One word or the other, by a number before it: `1 payment`, `1,204 payments`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-KE')} ${count === 1 ? one : many}`
}
