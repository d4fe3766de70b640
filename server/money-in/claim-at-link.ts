import type { Context } from '../context.ts'
import type { Link } from '../links/link.ts'
import { isMeantForAnother, judgeClaim } from './claim.ts'
import type { ClaimAnswer } from './claim.ts'
import { findReceived } from './find.ts'
import { keepClaim } from './kept-claim.ts'

/** What is said of a receipt that was named at a link: it could be of a payment there, of so much if the books know it; or why not. */
export type LinkClaim = { fits: true; amount_cents: number | undefined } | { fits: false; answer: ClaimAnswer }

/**
 * Judges a payer's word that a receipt was paid at a link, as one judges that of a payment which begins now. Nothing is settled by
 * it: whoever named it begins a payment, which nobody else can look at, and claims the receipt for that.
 */
export async function judgeAtLink(context: Context, link: Link, receipt: string): Promise<LinkClaim> {
  if (!(await keepClaim(context, { ...link, kind: 'link' }, receipt))) return { fits: false, answer: 'too_many' }
  const { merchant_id, provider, environment, provider_account_id, amount_cents } = link
  const money = await context.gather(findReceived, { merchant_id, provider, environment, receipt })
  if (!money) return { fits: true, amount_cents: amount_cents ?? undefined }
  const now = context.clock.now()
  const payment = {
    id: '',
    provider_account_id,
    amount_cents: amount_cents ?? money.amount_cents,
    commission_cents: 0,
    status: 'created' as const,
    provider_receipt: null,
    created_at: now,
  }
  const answer = judgeClaim(payment, money, now)
  if (answer !== 'fits' && answer !== 'waiting') return { fits: false, answer }
  if (await isMeantForAnother(context, { merchant_id, id: link.id, sent_reference: '' }, money))
    return { fits: false, answer: 'unsure' }
  return { fits: true, amount_cents: money.amount_cents }
}
