import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { PaymentFinding } from '../providers/finding.ts'
import type { PaymentEvidence } from './evidence.ts'
import type { Payment } from './payment.ts'

/** So long somebody may still name the receipt of money that the provider has confirmed. */
const namelessMs = 15 * 60_000

type Told = { receipt: string; amount_cents: number | null; at: Date }

/**
 * What callbacks told of receipts and nobody believed, as far as the provider now confirms it: receipt by receipt, in the order in
 * which they were told, and together no more than was paid in all. Money of which nobody names the receipt in time counts under
 * the provider's own number of the payment.
 */
export async function confirmTold(
  context: Context,
  payment: Payment,
  { paid_total_cents: total, paid_at, provider_ref }: PaymentFinding,
): Promise<PaymentEvidence[]> {
  if (!total) return []
  const name = payment.provider_ref ?? provider_ref
  const [told, { counted, nameless, receipts, since }] = await Promise.all([
    findTold(context, payment),
    findCounted(context, payment, { total, name }),
  ])
  const believed = believe(told, { paid_cents: total - counted, nameless_cents: nameless })
  const left = believed.reduce((rest, { amount_cents }) => rest - amount_cents, total - counted)
  const now = context.clock.now()
  const isNameless = left > 0 && name !== undefined && since !== null && since <= later(now, -namelessMs)
  const own = isNameless ? [{ receipt: ownReceipt(name, receipts), amount_cents: left, at: now }] : []
  const all = [...believed, ...own]
  return all.map(({ receipt, amount_cents, at }, index) => ({
    id: newId(now),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source: 'query',
    at: now,
    verdict: 'success',
    receipt,
    amount_cents,
    paid_total_cents: total,
    paid_at: (index === all.length - 1 ? paid_at : undefined) ?? at,
    message: 'The provider confirms this much.',
  }))
}

/**
 * What is told, as far as it fits into what was paid. What tells no amount is of all that is left; and what comes after its money
 * was counted without a name is in the books already.
 */
function believe(
  told: Told[],
  { paid_cents, nameless_cents }: { paid_cents: number; nameless_cents: number },
): (Told & { amount_cents: number })[] {
  let [left, counted] = [paid_cents, nameless_cents]
  return told.flatMap((one) => {
    const amount_cents = one.amount_cents ?? left
    if (amount_cents <= counted) {
      counted -= amount_cents
      return []
    }
    if (amount_cents <= 0 || amount_cents > left) return []
    left -= amount_cents
    return [{ ...one, amount_cents }]
  })
}

/** The receipts that were told of, and are not in the books yet. */
function findTold({ database }: Context, payment: Payment): Promise<Told[]> {
  const { merchant_id, id, provider, environment } = payment
  return database.query<Told>(sql`
    select e.receipt, (array_agg(e.amount_cents order by e.id))[1] as amount_cents, min(e.at) as at from evidence e
    where e.merchant_id = ${merchant_id} and e.subject_id = ${id} and e.effect = 'doubted' and e.verdict = 'success'
      and e.receipt is not null and not exists (select from money_in m where m.merchant_id = e.merchant_id
        and m.provider = ${provider} and m.environment = ${environment} and m.receipt = e.receipt
        and (m.payment_id is not null or m.named_payment_id = e.subject_id))
    group by e.receipt order by (array_agg(e.id order by e.id))[1]`)
}

type Counted = { counted: number; nameless: number; receipts: number; since: Date | null }

/** What of a payment's money is in the books, what of it nobody named, and since when the provider confirms so much in all. */
function findCounted(
  { database }: Context,
  payment: Payment,
  { total, name }: { total: number; name: string | undefined },
): Promise<Counted> {
  const { merchant_id, id } = payment
  return database.one<Counted>(sql`
    select coalesce(sum(m.amount_cents), 0)::bigint as counted, count(*)::int as receipts,
      coalesce(sum(m.amount_cents) filter (where m.receipt = ${name} or starts_with(m.receipt, ${name} || '-')), 0)::bigint as nameless, (
      select min(e.at) from evidence e where e.merchant_id = ${merchant_id} and e.subject_id = ${id} and e.source = 'query'
        and e.receipt is null and e.amount_cents >= ${total}) as since
    from money_in m where m.merchant_id = ${merchant_id} and (m.payment_id = ${id} or m.named_payment_id = ${id})`)
}

/** The provider's own number of a payment, in place of a receipt. */
function ownReceipt(name: string, receipts: number): string {
  return receipts === 0 ? name : `${name}-${receipts + 1}`
}
