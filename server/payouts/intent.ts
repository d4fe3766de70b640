import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { dayOf } from '../day.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { claimKey, guardRoute } from '../api/idempotency.ts'
import type { Repeatable } from '../api/idempotency.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import { countAgainstDay, limitsOf } from './limit.ts'
import type { Payout } from './payout.ts'
import { providerWords } from '../providers/names.ts'

/** What a merchant asks for. Amounts are cents, the phone is `254…`; a person has a phone, a business a short code. */
export type PayoutInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  /** The id or name of the account that it is sent from; the default one where none is named. */
  account?: string
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
  /** True for what waits for a second person whatever its amount. */
  waits?: boolean
  /** The caller's Idempotency-Key. Without one, a payout like another of the last 60 seconds is refused. */
  idempotency?: Repeatable
}

const guardMs = 60_000

/**
 * Counts the amount against the limit of the day, and makes the payout. Undefined when a request with the same key was there before.
 * @throws a Problem for what may not be sent.
 */
export async function commitIntent(
  context: Context,
  input: PayoutInput,
  account: Account,
): Promise<Payout | undefined> {
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

  const { refuse, requestId } = supported(
    providerOf(context, input).payouts,
    `The provider ${providerWords[input.provider]} sends no money.`,
  )
  const limits = await limitsOf(transaction, merchant_id)
  refuse(account, { kind, amount_cents, account_reference })
  const day = dayOf(now)
  await countAgainstDay(transaction, { merchant_id, environment: account.environment, day, amount_cents, limits })

  const { approval_above_cents } = limits
  const waits = input.waits || (approval_above_cents !== null && amount_cents > approval_above_cents)
  const receiver = input.phone ?? input.shortcode
  await writeAudit(transaction, context, {
    merchant_id,
    action: 'payout.created',
    subject: showId('pot', id),
    details: { kind, amount: toShillings(amount_cents), receiver, awaits_approval: waits },
  })
  return transaction.one<Payout>(sql`
    insert into payouts ${oneRow<Partial<Payout>>({
      merchant_id,
      id,
      provider_account_id: account.id,
      provider: input.provider,
      environment: account.environment,
      kind,
      status: waits ? 'awaiting_approval' : 'created',
      amount_cents,
      phone: input.phone,
      shortcode: input.shortcode,
      shortcode_type: input.shortcode_type,
      account_reference,
      reason: input.reason,
      remarks: input.remarks,
      external_reference: input.external_reference,
      metadata: JSON.stringify(input.metadata ?? {}),
      idempotency_key: input.idempotency?.key,
      created_by: context.actor,
      person: context.person ?? context.actor,
      counted_on: day,
      originator_conversation_id: requestId({ id, kind }),
      requested_at: waits ? null : now,
      created_at: now,
      updated_at: now,
      check_at: waits ? null : outcomeDueAt(now),
    })}
    returning *`)
}

type Claim = Pick<Repeatable, 'merchant_id' | 'route' | 'key'> & Partial<Repeatable>

/** The row by which a repeated request is recognised: the caller's key, or what makes two payouts alike. */
export function claimOf({ idempotency, merchant_id, mode, kind, amount_cents, ...input }: PayoutInput): Claim {
  if (idempotency) return idempotency
  const alike = ['payout', mode, kind, input.phone ?? input.shortcode, input.account_reference, amount_cents]
  return { merchant_id, route: guardRoute, key: alike.join(' ') }
}

/** When another payout like record `i` may be made: a minute later, or once that one has failed. */
function isOver(now: Date) {
  return sql`(i.created_at <= ${later(now, -guardMs)}
    or exists (select from payouts p where p.merchant_id = i.merchant_id and p.id = i.object_id and p.status = 'failed'))`
}

async function referenceTaken(
  { database }: Context,
  { merchant_id, external_reference }: PayoutInput,
  { environment }: Account,
): Promise<Problem> {
  const owner = await database.one<{ id: string }>(sql`
    select id from payouts where merchant_id = ${merchant_id} and environment = ${environment} and external_reference = ${external_reference}`)
  const id = showId('pot', owner.id)
  const message = {
    said: `The external reference "${external_reference}" belongs to another payout. Each needs its own.`,
    byApi: `It is ${id}.`,
  }
  return new Problem('duplicate_external_reference', message, 'external_reference', { payout_id: id })
}
