import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { claimKey, findFirstRequests, guardRoute, replay } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import { accountOfCaller } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { outcomeDueAt } from '../evidence/check.ts'
import { findPayout } from './find.ts'
import { countAgainstDay, limitsOf, nairobiDay } from './limit.ts'
import type { Payout } from './payout.ts'
import { requestPayout } from './request.ts'

/** What a merchant asks for. Amounts are cents, the phone is `254…`; a person has a phone, a business a short code. */
export type PayoutInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  kind: Payout['kind']
  amount_cents: number
  phone?: string
  shortcode?: string
  shortcode_type?: Payout['shortcode_type']
  account_reference?: string
  reason?: Payout['reason']
  remarks?: string
  external_reference?: string
  metadata?: Record<string, unknown>
  /** The caller's Idempotency-Key. Without one, a payout like another of the last 60 seconds is refused. */
  idempotency?: Repeatable
}

const guardMs = 60_000

/**
 * Sends money: the amount is counted against the limit of the day and the intent committed with it, then the provider is
 * called, then its answer is kept. Above the merchant's threshold nothing is sent until somebody else approves. The outcome
 * comes by callback; nothing is ever sent again, and until evidence of failure the amount stays counted.
 * @throws a Problem for what may not be sent, or was asked for before.
 */
export async function createPayout(context: Context, input: PayoutInput): Promise<Creation<Payout>> {
  const account = await accountOfCaller(context, input, input.provider)
  const payout = await commitIntent(context, input, account)
  if (!payout) return repeat(context, input)
  if (payout.status === 'created') await requestPayout(context, account, payout)
  return { made: await findPayout(context, payout), isRepeat: false }
}

/** Undefined when a request with the same key was there before. */
async function commitIntent(context: Context, input: PayoutInput, account: Account): Promise<Payout | undefined> {
  try {
    return await context.database.transaction((transaction) => insertIntent(context, transaction, input, account))
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'payouts_external_reference') throw error
    throw await referenceTaken(context, input, account)
  }
}

async function insertIntent(
  context: Context,
  transaction: Transaction,
  input: PayoutInput,
  account: Account,
): Promise<Payout | undefined> {
  const now = context.clock.now()
  const id = newId(now)
  const { merchant_id, kind, amount_cents, account_reference = null } = input
  const claim = { request_hash: Buffer.alloc(0), ...claimOf(input), object_id: id, created_at: now }
  if (!(await claimKey(transaction, claim, input.idempotency ? undefined : isOver(now)))) return undefined

  const { refuse, requestId } = supported(providerOf(context, input).payouts, `${input.provider} sends no money.`)
  const limits = await limitsOf(transaction, merchant_id)
  refuse(account, { kind, amount_cents, account_reference })
  const day = nairobiDay(now)
  await countAgainstDay(transaction, { merchant_id, environment: account.environment, day, amount_cents, limits })

  const { approval_above_cents } = limits
  const waits = approval_above_cents !== null && amount_cents > approval_above_cents
  const receiver = input.phone ?? input.shortcode
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'payout.created',
    subject: showId('pot', id),
    details: { kind, amount: toShillings(amount_cents), receiver, awaits_approval: waits },
  })
  return transaction.one<Payout>(sql`
    insert into payouts (merchant_id, id, provider_account_id, provider, environment, kind, status, amount_cents, phone, shortcode,
      shortcode_type, account_reference, reason, remarks, external_reference, metadata, idempotency_key, created_by, counted_on,
      originator_conversation_id, requested_at, created_at, updated_at, check_at)
    values (${merchant_id}, ${id}, ${account.id}, ${input.provider}, ${account.environment}, ${kind},
      ${waits ? 'awaiting_approval' : 'created'}, ${amount_cents}, ${input.phone}, ${input.shortcode}, ${input.shortcode_type},
      ${account_reference}, ${input.reason}, ${input.remarks}, ${input.external_reference}, ${JSON.stringify(input.metadata ?? {})},
      ${input.idempotency?.key}, ${context.actor}, ${day}, ${requestId({ id, kind })}, ${waits ? null : now}, ${now}, ${now},
      ${waits ? null : outcomeDueAt(now)})
    returning *`)
}

type Claim = Pick<Repeatable, 'merchant_id' | 'route' | 'key'> & Partial<Repeatable>

/** The row by which a repeated request is recognised: the caller's key, or what makes two payouts alike. */
function claimOf({ idempotency, merchant_id, mode, kind, amount_cents, ...input }: PayoutInput): Claim {
  if (idempotency) return idempotency
  const alike = ['payout', mode, kind, input.phone ?? input.shortcode, input.account_reference, amount_cents]
  return { merchant_id, route: guardRoute, key: alike.join(' ') }
}

/** When another payout like record `i` may be made: a minute later, or once that one has failed. */
function isOver(now: Date) {
  return sql`(i.created_at <= ${later(now, -guardMs)}
    or exists (select from payouts p where p.merchant_id = i.merchant_id and p.id = i.object_id and p.status = 'failed'))`
}

async function repeat(context: Context, input: PayoutInput): Promise<Creation<Payout>> {
  const [first] = await findFirstRequests(context, [claimOf(input)])
  if (!input.idempotency) {
    const id = showId('pot', first!.object_id)
    const message = `The same payout was asked for less than 60 seconds ago: ${id}. Send an Idempotency-Key if you mean a second one.`
    throw new Problem('duplicate_payout', message, undefined, { payout_id: id })
  }
  const known = replay(context, first!, input.idempotency)
  const { merchant_id } = input
  return known ?? { made: await findPayout(context, { merchant_id, id: first!.object_id }), isRepeat: true }
}

async function referenceTaken(
  { database }: Context,
  { merchant_id, external_reference }: PayoutInput,
  { environment }: Account,
): Promise<Problem> {
  const owner = await database.one<{ id: string }>(sql`
    select id from payouts where merchant_id = ${merchant_id} and environment = ${environment} and external_reference = ${external_reference}`)
  const id = showId('pot', owner.id)
  const message = `The external reference "${external_reference}" belongs to ${id}. Each payout needs its own.`
  return new Problem('duplicate_external_reference', message, 'external_reference', { payout_id: id })
}
