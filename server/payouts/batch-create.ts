import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { dayOf } from '../day.ts'
import { oneRow, values } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { claimKey, findFirstRequests, guardRoute, hashRequest, replay } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import type { Account } from '../accounts/account.ts'
import { accountOfCaller, refuseEnded } from '../accounts/named.ts'
import { writeAudit } from '../access/audit.ts'
import { requireConfirmed } from '../access/owner.ts'
import type { Mode } from '../access/key.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import type { Payouts } from '../providers/provider.ts'
import { findBatch } from './batch.ts'
import type { Batch, BatchRow } from './batch.ts'
import { judgeLines } from './batch-judge.ts'
import { refusal } from './batch-lines.ts'
import type { BatchLine } from './batch-lines.ts'
import { countAgainstDay, limitsOf } from './limit.ts'
import type { Payout } from './payout.ts'
import { providerWords } from '../providers/names.ts'

/** What a merchant asks for: many payouts at once. */
export type BatchInput = {
  merchant_id: string
  mode: Mode
  name?: string
  /** The account that it is sent from where its lines name none; the default one where this is not said either. */
  account?: string
  lines: BatchLine[]
  /** The caller's Idempotency-Key. Without one, a batch of the same lines within 60 seconds is refused. */
  idempotency?: Repeatable
}

const guardMs = 60_000

/**
 * Makes a batch of payouts, all of its lines or none: each line is judged, what they come to is counted against the limit of the
 * day, and all of them wait until a second person approves the batch.
 * @throws a Problem that tells of every line why it may not be sent, or for a batch that was asked for before.
 */
export async function createBatch(context: Context, input: BatchInput): Promise<Creation<Batch>> {
  requireConfirmed(context)
  const { provider, account: named = input.account } = input.lines[0]!.input
  const account = await accountOfCaller(context, input, { provider, account: named })
  refuseEnded(account)
  const payouts = supported(
    providerOf(context, { provider }).payouts,
    `The provider ${providerWords[provider]} sends no money.`,
  )
  const faults = judgeLines(input.lines, account, payouts)
  if (faults.length > 0) throw refusal(faults, input.lines.length)
  const id = await commit(context, input, { account, payouts }).catch(async (error: { constraint?: string }) => {
    if (error.constraint !== 'payouts_external_reference') throw error
    throw await referencesTaken(context, input, account)
  })
  if (id === undefined) return repeat(context, input)
  return { made: await findBatch(context, { merchant_id: input.merchant_id, id }), isRepeat: false }
}

type Sent = { account: Account; payouts: Payouts }

/** The id of the batch; undefined when a request with the same key was there before. */
async function commit(context: Context, input: BatchInput, { account, payouts }: Sent): Promise<string | undefined> {
  const now = context.clock.now()
  const id = newId(now)
  const { merchant_id, lines } = input
  const { environment, provider } = account
  const claim = { request_hash: Buffer.alloc(0), ...claimOf(input), object_id: id, created_at: now }
  return context.database.transaction(async (transaction) => {
    if (!(await claimKey(transaction, claim, input.idempotency ? undefined : isOver(now)))) return undefined
    const limits = await limitsOf(transaction, merchant_id)
    const total_cents = lines.reduce((sum, { input: { amount_cents } }) => sum + amount_cents, 0)
    const day = dayOf(now)
    await countAgainstDay(transaction, { merchant_id, environment, day, amount_cents: total_cents, limits })
    const { actor, person = actor } = context
    await transaction.query(sql`
      insert into payout_batches ${oneRow<Partial<BatchRow>>({
        merchant_id,
        id,
        provider_account_id: account.id,
        provider,
        environment,
        name: input.name,
        count: lines.length,
        total_cents,
        idempotency_key: input.idempotency?.key,
        created_by: actor,
        person,
        created_at: now,
      })}`)
    const rows = lines.map((line) =>
      payoutOf(line, { batch_id: id, merchant_id, account, actor, person, day, now, payouts }),
    )
    await transaction.query(sql`insert into payouts ${values(rows, payoutColumns)}`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'payout_batch.created',
      subject: showId('bat', id),
      details: { count: lines.length, total: toShillings(total_cents) },
    })
    return id
  })
}

type Common = {
  batch_id: string
  merchant_id: string
  account: Account
  actor: string
  person: string
  day: string
  now: Date
  payouts: Payouts
}

/** A line as the payout that it becomes, which waits for approval. */
function payoutOf({ input }: BatchLine, { batch_id, merchant_id, account, actor, person, day, now, payouts }: Common) {
  const id = newId(now)
  return {
    merchant_id,
    id,
    batch_id,
    provider_account_id: account.id,
    provider: account.provider,
    environment: account.environment,
    kind: input.kind,
    status: 'awaiting_approval',
    amount_cents: input.amount_cents,
    phone: input.phone,
    shortcode: input.shortcode,
    shortcode_type: input.shortcode_type,
    account_reference: input.account_reference,
    reason: input.reason,
    remarks: input.remarks,
    external_reference: input.external_reference,
    metadata: JSON.stringify(input.metadata ?? {}),
    created_by: actor,
    person,
    counted_on: day,
    originator_conversation_id: payouts.requestId({ id, kind: input.kind }),
    created_at: now,
    updated_at: now,
  }
}

const payoutColumns = {
  merchant_id: 'uuid',
  id: 'uuid',
  batch_id: 'uuid',
  provider_account_id: 'uuid',
  provider: 'text',
  environment: 'text',
  kind: 'text',
  status: 'text',
  amount_cents: 'bigint',
  phone: 'text',
  shortcode: 'text',
  shortcode_type: 'text',
  account_reference: 'text',
  reason: 'text',
  remarks: 'text',
  external_reference: 'text',
  metadata: 'jsonb',
  created_by: 'text',
  person: 'text',
  counted_on: 'date',
  originator_conversation_id: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const

/** Which lines have the external reference of another payout. */
async function referencesTaken(
  { database }: Context,
  { merchant_id, lines }: BatchInput,
  { environment }: Account,
): Promise<Problem> {
  const references = lines.flatMap(({ input }) => input.external_reference ?? [])
  const taken = await database.query<Pick<Payout, 'id' | 'external_reference'>>(sql`
    select id, external_reference from payouts where merchant_id = ${merchant_id} and environment = ${environment}
      and external_reference = any (${references}::text[])`)
  const owners = new Map(taken.map(({ id, external_reference }) => [external_reference, id]))
  const faults = lines.flatMap(({ line, input: { external_reference = null } }) => {
    const owner = owners.get(external_reference)
    if (owner === undefined) return []
    const message = `The external reference "${external_reference}" belongs to ${showId('pot', owner)}. Each payout needs its own.`
    return [{ line, param: 'external_reference', message }]
  })
  return refusal(faults, lines.length)
}

/** The row by which a repeated request is recognised: the caller's key, or all that the lines say. */
function claimOf({ idempotency, merchant_id, mode, lines }: BatchInput) {
  if (idempotency) return idempotency
  const said = hashRequest(lines.map(({ input }) => input)).toString('hex')
  return { merchant_id, route: guardRoute, key: `payout batch ${mode} ${said}` }
}

/** When another batch like record `i` may be made: a minute later, or once that one was rejected. */
function isOver(now: Date) {
  return sql`(i.created_at <= ${later(now, -guardMs)}
    or exists (select from payout_batches b where b.merchant_id = i.merchant_id and b.id = i.object_id and b.decision = 'rejected'))`
}

async function repeat(context: Context, input: BatchInput): Promise<Creation<Batch>> {
  const { merchant_id, idempotency } = input
  const [first] = await findFirstRequests(context, [claimOf(input)])
  if (!idempotency) {
    const id = showId('bat', first!.object_id)
    const message = {
      said: `The same batch was asked for less than 60 seconds ago: ${id}.`,
      byApi: 'Send an Idempotency-Key if you mean a second one.',
    }
    throw new Problem('duplicate_payout', message, undefined, { batch_id: id })
  }
  const known = replay(context, first!, idempotency)
  return known ?? { made: await findBatch(context, { merchant_id, id: first!.object_id }), isRepeat: true }
}
