import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { presentReport, reportSchema } from './report.ts'
import type { Report } from './report.ts'

/** A row of `reconciliation_runs`. A test compares its keys and nullability with the catalogue. */
export const runRow = z.object({
  merchant_id: z.string(),
  id: z.string(),
  provider_account_id: z.string(),
  provider: z.enum(['mpesa', 'pesaflow']),
  environment: z.enum(['simulator', 'sandbox', 'live']),
  source: z.enum(['pull', 'statement']),
  started_by: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'skipped']),
  window_from: z.date(),
  window_until: z.date(),
  statement_id: z.string().nullable(),
  next_offset: z.number(),
  note: z.string().nullable(),
  problem: z.string().nullable(),
  report: z.custom<Report>().nullable(),
  created_at: z.date(),
  completed_at: z.date().nullable(),
  work_at: z.date().nullable(),
  attempts: z.number(),
  records_total: z.number().nullable(),
  assume_completed: z.boolean(),
  needs_attention: z.array(z.string()).nullable(),
  attention_since: z.date().nullable(),
  attention_told: z.boolean(),
})

/** A window of the provider's records, compared with ours. */
export type Run = z.infer<typeof runRow>

/** A run as the outside sees it. */
export const runSchema = z
  .object({
    id: z.string(),
    provider: runRow.shape.provider,
    environment: runRow.shape.environment,
    account: z.string(),
    source: runRow.shape.source,
    started_by: z.string(),
    status: runRow.shape.status,
    from: z.string(),
    until: z.string(),
    records_read: z.number(),
    records_total: z
      .number()
      .nullable()
      .openapi({ description: 'How many records a statement has; null where M-Pesa is asked page by page.' }),
    note: z.string().nullable(),
    problem: z.string().nullable(),
    report: z.union([reportSchema, z.null()]),
    created_at: z.string(),
    completed_at: z.string().nullable(),
  })
  .openapi('ReconciliationRun')

export function presentRun(run: Run): z.infer<typeof runSchema> {
  return {
    id: showId('rec', run.id),
    provider: run.provider,
    environment: run.environment,
    account: showId('acc', run.provider_account_id),
    source: run.source,
    started_by: run.started_by,
    status: run.status,
    from: run.window_from.toISOString(),
    until: run.window_until.toISOString(),
    records_read: run.next_offset,
    records_total: run.records_total,
    note: run.note,
    problem: run.problem,
    report: run.report && presentReport(run.report),
    created_at: run.created_at.toISOString(),
    completed_at: run.completed_at?.toISOString() ?? null,
  }
}
