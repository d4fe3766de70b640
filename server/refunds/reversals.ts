import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { EvidenceSource } from '../evidence/evidence.ts'
import type { Environment, ProviderName } from '../providers/names.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

/** Money that the provider's records show to have gone back, by whoever's hand. */
export type Reversal = {
  merchant_id: string
  provider: ProviderName
  environment: Environment
  /** The receipt of the money that came. */
  receipt: string
  /** The receipt of its going back. Left out where the provider says only that it went. */
  reversal_receipt?: string
  /** Left out for all that was left. */
  amount_cents?: number
  /** When it went back, by the provider's clock. */
  at: Date
  source: EvidenceSource
  /** The record, exactly as it came. */
  raw?: Buffer
}

/** What a reversal turned out to be. */
export type ReversalEffect =
  /** That of a refund which waited for its outcome, or for its receipt. */
  | 'refund'
  /** One made at the provider's portal: it is a refund of ours from now on. */
  | 'recorded'
  /** One that was known. */
  | 'known'
  /** No money is known by that receipt: record the money first. */
  | 'unknown_receipt'

/**
 * Takes note of reversals that a statement, or an answer about a transaction, shows. Each settles the refund that waits for it,
 * else it becomes one with origin `portal`. The payment of which all is back becomes `reversed`, with one event, and its money in
 * says by which receipt. Safe to repeat: a reversal counts by its receipt. Answers what each was, in order.
 */
export async function settleReversals(context: Context, reversals: Reversal[]): Promise<ReversalEffect[]> {
  const effects: ReversalEffect[] = []
  for (const reversal of reversals) effects.push(await settleReversal(context, reversal))
  return effects
}

/** What each reversal would turn out to be, if note were taken of it now. Changes nothing. */
export async function judgeReversals(context: Context, reversals: Reversal[]): Promise<ReversalEffect[]> {
  const effects: ReversalEffect[] = []
  for (const reversal of reversals) effects.push((await judge(context, reversal)).effect)
  return effects
}

type Money = { provider_account_id: string; payment_id: string | null; amount_cents: number; reversed_cents: number }

const attemptsMax = 5

type Judgement =
  | { effect: 'unknown_receipt' | 'known'; money?: undefined }
  | { effect: ReversalEffect; money: Money; amount_cents: number; refund?: Refund }

/** What the books say to a reversal: with money and amount where something is to be written down. */
async function judge(context: Context, reversal: Reversal): Promise<Judgement> {
  const money = await findMoney(context, reversal)
  if (!money) return { effect: 'unknown_receipt' }
  const amount_cents = reversal.amount_cents ?? money.amount_cents - money.reversed_cents
  if (amount_cents <= 0) return { effect: 'known' }
  const refunds = await refundsOf(context, reversal)
  const known = refunds.find(
    ({ provider_receipt }) => provider_receipt && provider_receipt === reversal.reversal_receipt,
  )
  if (known?.status === 'completed' && known.payment_id === money.payment_id) return { effect: 'known' }
  const refund = known ?? refunds.find((one) => waitsFor(one, amount_cents))
  const effect = known ? 'known' : refund && refund.origin !== 'portal' ? 'refund' : 'recorded'
  return { effect, money, amount_cents, refund }
}

async function settleReversal(context: Context, reversal: Reversal, attempt = 1): Promise<ReversalEffect> {
  const judged = await judge(context, reversal)
  if (!judged.money) return judged.effect
  const { money, amount_cents } = judged
  const refund = judged.refund ?? (await recordAtPortal(context, { ...reversal, ...money, amount_cents }))
  const effect = refund && (await learn(context, reversal, { refund, money, amount_cents }))
  const isDone = effect && ['completed', 'receipt', 'linked', 'informed'].includes(effect)
  // At this very moment somebody else took the refund for another reversal, or this reversal for another refund.
  if (!isDone && attempt < attemptsMax) return settleReversal(context, reversal, attempt + 1)
  return judged.effect
}

function findMoney(
  { database }: Context,
  { merchant_id, provider, environment, receipt }: Reversal,
): Promise<Money | undefined> {
  return database.maybe<Money>(sql`
    select provider_account_id, payment_id, amount_cents, reversed_cents from money_in
    where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment} and receipt = ${receipt}`)
}

function refundsOf(
  { database }: Context,
  { merchant_id, provider, environment, receipt }: Reversal,
): Promise<Refund[]> {
  return database.query<Refund>(sql`
    select * from refunds where merchant_id = ${merchant_id} and payment_receipt = ${receipt} and provider = ${provider}
      and environment = ${environment} order by id`)
}

function waitsFor({ amount_cents, provider_receipt, status }: Refund, cents: number): boolean {
  return amount_cents === cents && provider_receipt === null && status !== 'failed'
}

type Recorded = Reversal & Money & { amount_cents: number }

/** Undefined when another node recorded it first. */
async function recordAtPortal({ database, clock }: Context, reversal: Recorded): Promise<Refund | undefined> {
  const now = clock.now()
  return database.maybe<Refund>(sql`
    insert into refunds ${oneRow<Partial<Refund>>({
      merchant_id: reversal.merchant_id,
      id: newId(now),
      payment_id: reversal.payment_id,
      provider_account_id: reversal.provider_account_id,
      provider: reversal.provider,
      environment: reversal.environment,
      origin: 'portal',
      status: 'created',
      amount_cents: reversal.amount_cents,
      payment_receipt: reversal.receipt,
      provider_receipt: reversal.reversal_receipt,
      created_at: now,
      updated_at: now,
    })}
    on conflict do nothing
    returning *`)
}

function learn(
  context: Context,
  { source, at: gone_at, reversal_receipt, raw }: Reversal,
  { refund, money, amount_cents }: { refund: Refund; money: Money; amount_cents: number },
) {
  const at = context.clock.now()
  return settleRefund(context, {
    id: newId(at),
    merchant_id: refund.merchant_id,
    refund_id: refund.id,
    payment_id: money.payment_id ?? undefined,
    source,
    at,
    gone_at,
    verdict: 'success',
    message: refund.origin === 'portal' ? 'Reversed at the portal.' : undefined,
    receipt: reversal_receipt,
    amount_cents,
    raw,
  })
}
