import { z } from '@hono/zod-openapi'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { toShillings } from '../money.ts'
import { hideSecrets } from '../hide-secrets.ts'
import { sources } from './evidence.ts'

/** One line of what is known about a payment, refund or payout, as the outside sees it. */
export const evidenceSchema = z.object({
  at: z.string(),
  source: z.enum(sources),
  verdict: z.enum(['success', 'failure']).nullable(),
  effect: z.string(),
  provider_code: z.string().nullable(),
  message: z.string().nullable(),
  receipt: z.string().nullable(),
  amount: z.string().nullable(),
  source_address: z.string().nullable(),
  raw: z.string().nullable(),
})

/** One line of it. */
export type EvidenceLine = z.infer<typeof evidenceSchema>

type Row = Omit<EvidenceLine, 'at' | 'amount' | 'raw'> & {
  at: Date
  amount_cents: number | null
  raw: Buffer | null
}

/** Everything ever learnt about a subject, oldest first, with each provider's body as it came, but for secrets of ours. */
export async function listEvidence(
  context: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
): Promise<EvidenceLine[]> {
  const rows = await context.database.query<Row>(sql`
    select e.at, e.source, e.verdict, e.effect, e.provider_code, e.message, e.receipt, e.amount_cents, c.source_address, coalesce(c.body, e.raw) as raw
    from evidence e left join callbacks c on c.merchant_id = e.merchant_id and c.id = e.callback_id
    where e.merchant_id = ${merchant_id} and e.subject_id = ${id} order by e.id limit 1000`)
  return rows.map(({ at, amount_cents, raw, ...row }) => ({
    ...row,
    at: at.toISOString(),
    amount: amount_cents === null ? null : toShillings(amount_cents),
    // What we told the provider of ourselves it may repeat, and whoever reads it is not the provider.
    raw: raw ? hideSecrets(raw.toString('utf8')) : null,
  }))
}
