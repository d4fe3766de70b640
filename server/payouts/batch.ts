import { z } from '@hono/zod-openapi'
import { listRows, ofMerchant } from '../api/list-rows.ts'
import type { Listing, Page } from '../api/list-rows.ts'
import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'
import { Problem } from '../problem.ts'
import { payoutRow } from './payout.ts'
import type { Payout } from './payout.ts'

/** A row of `payout_batches`. A test compares its keys and nullability with the catalogue. */
export const batchRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: payoutRow.shape.provider,
  environment: payoutRow.shape.environment,
  name: z.string().nullable(),
  count: z.number(),
  total_cents: z.number().int(),
  idempotency_key: z.string().nullable(),
  created_by: z.string(),
  person: z.string(),
  decision: z.enum(['approved', 'rejected']).nullable(),
  decided_by: z.string().nullable(),
  decided_at: z.date().nullable(),
  reason: z.string().nullable(),
  created_at: z.date(),
})

/** Many payouts that are asked for, and decided on, together, as the database holds them. */
export type BatchRow = z.infer<typeof batchRow>

type Share = { status: Payout['status']; count: number; cents: number }

/** A batch, with how many of its payouts stand how. */
export type Batch = BatchRow & { shares: Share[] }

const share = z.object({ count: z.number(), total: z.string() })

/** A batch as the outside sees it. */
export const batchSchema = z
  .object({
    id: z.string(),
    merchant_id: z.string(),
    environment: batchRow.shape.environment,
    provider: batchRow.shape.provider,
    name: z.string().nullable(),
    status: z.enum(['awaiting_approval', 'rejected', 'in_progress', 'finished']),
    count: z.number().openapi({ description: 'How many payouts it has.' }),
    total: z.string().openapi({ description: 'What they come to, in shillings.', example: '184500.00' }),
    payouts: z
      .object({ awaiting_approval: share, pending: share, completed: share, failed: share, returned: share })
      .openapi({ description: 'How its payouts stand. They are listed by GET /v1/payouts?batch_id=….' }),
    created_by: z.string(),
    decided_by: z.string().nullable(),
    decided_at: z.string().nullable(),
    reason: z.string().nullable(),
    idempotency_key: z.string().nullable(),
    created_at: z.string(),
  })
  .openapi('PayoutBatch')

/** Shows a batch: it is finished once none of its payouts waits or is on its way. */
export function presentBatch(batch: Batch): z.infer<typeof batchSchema> {
  const payouts = {
    awaiting_approval: shareOf(batch, 'awaiting_approval'),
    pending: shareOf(batch, 'created', 'pending'),
    completed: shareOf(batch, 'completed'),
    failed: shareOf(batch, 'failed'),
    returned: shareOf(batch, 'returned'),
  }
  const decided = payouts.pending.count > 0 ? 'in_progress' : 'finished'
  return {
    id: showId('bat', batch.id),
    merchant_id: showId('mer', batch.merchant_id),
    environment: batch.environment,
    provider: batch.provider,
    name: batch.name,
    status: batch.decision === 'rejected' ? 'rejected' : batch.decision === null ? 'awaiting_approval' : decided,
    count: batch.count,
    total: toShillings(batch.total_cents),
    payouts,
    created_by: batch.created_by,
    decided_by: batch.decided_by,
    decided_at: batch.decided_at?.toISOString() ?? null,
    reason: batch.reason,
    idempotency_key: batch.idempotency_key,
    created_at: batch.created_at.toISOString(),
  }
}

function shareOf({ shares }: Batch, ...statuses: Payout['status'][]): z.infer<typeof share> {
  const those = shares.filter(({ status }) => statuses.includes(status))
  const cents = those.reduce((sum, one) => sum + one.cents, 0)
  return { count: those.reduce((sum, one) => sum + one.count, 0), total: toShillings(cents) }
}

/** Which batch, and of whom. A test key does not see live ones. */
export type BatchName = { merchant_id: string; id: string; mode?: Mode }

/** One batch as it now stands. @throws a Problem when there is none of this merchant. */
export async function findBatch(context: Context, { merchant_id, id, mode }: BatchName): Promise<Batch> {
  const row = await context.database.maybe<BatchRow>(
    sql`select * from payout_batches where merchant_id = ${merchant_id} and id = ${id}`,
  )
  if (!row || (mode === 'test' && row.environment === 'live'))
    throw new Problem('not_found', 'There is no such batch of payouts, or it is not yours.', 'id')
  return (await withShares(context, [row]))[0]!
}

/** One page of a merchant's batches, newest first. */
export async function listBatches(context: Context, listing: Listing<object>): Promise<Page<Batch>> {
  const found = await listRows<BatchRow>(context, listing, { from: sql`payout_batches`, where: ofMerchant(listing) })
  return { rows: await withShares(context, found.rows), hasMore: found.hasMore }
}

async function withShares({ database }: Context, batches: BatchRow[]): Promise<Batch[]> {
  const ids = batches.map(({ id }) => id)
  const shares = await database.query<Share & { batch_id: string }>(sql`
    select batch_id, status, count(*)::int as count, sum(amount_cents)::bigint as cents from payouts
    where merchant_id = any (${[...new Set(batches.map(({ merchant_id }) => merchant_id))]}::uuid[]) and batch_id = any (${ids}::uuid[])
    group by batch_id, status`)
  const known = Map.groupBy(shares, ({ batch_id }) => batch_id)
  return batches.map((batch) => ({ ...batch, shares: known.get(batch.id) ?? [] }))
}
