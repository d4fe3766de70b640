import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { allDue } from '../database/all-due.ts'
import { again } from '../database/collision.ts'
import { listText, rows } from '../database/columns.ts'
import type { Sweep } from '../database/due.ts'
import { everywhere } from '../database/everywhere.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { findByReference } from '../payments/candidates.ts'
import type { PaymentEvidence } from '../payments/evidence.ts'
import type { Payment } from '../payments/payment.ts'
import { linkReversals } from '../refunds/link-reversals.ts'
import { settlePayments } from '../payments/settle.ts'
import { evidenceOfClaim, findClaiming } from './claim.ts'
import type { MoneyIn } from './money-in.ts'
import { payInvoices } from './pay-invoices.ts'

/** How long money that several payments could explain waits for their own callbacks. */
const patienceMs = 3 * 60_000
const leaseMs = 60_000
const batchSize = 200

/** Looks for the payments of the money that is due to be matched. */
export const matchMoney: Sweep = {
  name: 'money',
  everyMs: 5_000,
  async run(context) {
    const due = await claimDue(context)
    return allDue(context, due, { table: 'money_in' }, (some) => matchArrived(context, some))
  },
}

async function claimDue(context: Context): Promise<MoneyIn[]> {
  const now = context.clock.now()
  return everywhere<MoneyIn>(
    context.database,
    sql.named`
    with due as (
      select merchant_id, provider, environment, receipt from money_in where match_at <= ${now} order by match_at limit ${batchSize}
    )
    update money_in m set match_at = ${later(now, leaseMs)} from due
    where (m.merchant_id, m.provider, m.environment, m.receipt) = (due.merchant_id, due.provider, due.environment, due.receipt)
      and m.match_at <= ${now} -- Asked again: another node may have been faster.
    returning m.*`,
  )
}

type Unmatched = { money: MoneyIn; because: string; candidates: string[]; match_at: Date | null }

/**
 * Gives money to the one pending payment of its account that was sent with its reference and amount, or to the one whose payer has
 * named its receipt; else makes it a payment of the open invoice that has its reference. Where there are several payments it waits
 * three minutes for their own callbacks first, and which of them is left then says nothing about whose it was.
 * Safe to repeat, and to do twice at once: money that has its payment keeps it.
 */
export async function matchArrived(context: Context, arrived: MoneyIn[]): Promise<void[]> {
  const sought = arrived.filter((money) => !money.reversed_at && !hasWaited(money))
  const candidates = await findByReference(
    context,
    sought.map((money) => ({ ...money, paid_at: [money.paid_at ?? money.created_at] })),
  )
  const found = sought.map((money, index) => ({ money, payments: candidates[index]! }))
  const { claimed, nobodys } = await splitByClaim(
    context,
    found.filter(({ payments }) => payments.length === 0).map(({ money }) => money),
  )
  const meant = [...found.filter(({ payments }) => payments.length === 1), ...claimed]
  const effects = await settlePayments(
    context,
    meant.map(({ money, payments: [payment], ...match }) =>
      'isClaimed' in match ? evidenceOfClaim(context, payment!, money) : evidenceOf(context, money, payment!),
    ),
  )
  await linkReversals(
    context,
    meant.flatMap(({ money, payments: [payment] }) =>
      money.reversed_cents > 0 ? [{ ...money, payment_id: payment!.id }] : [],
    ),
  )
  const waited = arrived.filter(hasWaited)
  const [unpaid, unpaidWaited] = [await payInvoices(context, nobodys), await payInvoices(context, waited)]
  // What was settled has its payment now, so that none of this touches it.
  await keepUnmatched(context, [
    ...meant.map((match, index) => unmatched(match, effects[index]!)),
    ...unpaid.map(({ money, because }) => unmatched({ money, payments: [] }, because)),
    ...found
      .filter(({ payments }) => payments.length > 1)
      .map((match) => ({ ...unmatched(match, several), match_at: later(match.money.created_at, patienceMs) })),
    ...unpaidWaited.map(({ money }) => ({ money, because: several, candidates: money.candidates!, match_at: null })),
    ...arrived.filter(({ reversed_at }) => reversed_at).map((money) => unmatched({ money, payments: [] }, 'reversed')),
  ])
  return arrived.map(() => undefined)
}

/** Money that its payer named at a checkout before it came, and money that nobody knows of. */
async function splitByClaim(context: Context, arrived: MoneyIn[]) {
  const payments = arrived.length > 0 ? await findClaiming(context, arrived) : []
  return {
    claimed: arrived.flatMap((money, index) =>
      payments[index] ? { money, payments: [payments[index]], isClaimed: true } : [],
    ),
    nobodys: arrived.filter((_, index) => !payments[index]),
  }
}

const several = 'several_payments'

function hasWaited({ unmatched_because, reversed_at }: MoneyIn): boolean {
  return unmatched_because === several && !reversed_at
}

function unmatched({ money, payments }: { money: MoneyIn; payments: Payment[] }, because: string): Unmatched {
  return { money, because, candidates: payments.map(({ id }) => id), match_at: null }
}

function evidenceOf(context: Context, money: MoneyIn, payment: Payment): PaymentEvidence {
  const at = context.clock.now()
  return {
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source: 'callback',
    at,
    verdict: 'success',
    receipt: money.receipt,
    amount_cents: money.amount_cents,
    paid_at: money.paid_at ?? undefined,
    callback_id: money.callback_id ?? undefined,
    message: 'A customer paid with the reference and the amount of this payment.',
  }
}

async function keepUnmatched(context: Context, unmatched: Unmatched[]): Promise<void> {
  const kept = unmatched.map(({ money, because, candidates, match_at }) => ({
    merchant_id: money.merchant_id,
    provider: money.provider,
    environment: money.environment,
    receipt: money.receipt,
    because,
    candidates: listText(candidates),
    match_at,
  }))
  const types = {
    merchant_id: 'uuid',
    provider: 'text',
    environment: 'text',
    receipt: 'text',
    because: 'text',
    candidates: 'text',
    match_at: 'timestamptz',
  } as const
  await again(context, () =>
    context.database.query(sql`
      update money_in m set unmatched_because = u.because, candidates = u.candidates::uuid[], match_at = u.match_at
      from ${rows(kept, 'u', types)}
      where (m.merchant_id, m.provider, m.environment, m.receipt) = (u.merchant_id, u.provider, u.environment, u.receipt)
        and m.payment_id is null`),
  )
}
