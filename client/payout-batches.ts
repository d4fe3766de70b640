import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Provider } from './payments.ts'
import type { NewPayout } from './payouts.ts'

export type NewPayoutBatch = {
  /** What it is called, such as `Wages of November`. */
  name?: string
  /** Up to 1,000. */
  payouts: NewPayout[]
}

type Share = { count: number; total: string }

export type PayoutBatch = {
  id: string
  merchant_id: string
  environment: Environment
  provider: Provider
  name: string | null
  status: 'awaiting_approval' | 'rejected' | 'in_progress' | 'finished'
  /** How many payouts it has, and what they come to. */
  count: number
  total: string
  /** How they stand. They are listed by `payouts.list({ batch_id })`. */
  payouts: { awaiting_approval: Share; pending: Share; completed: Share; failed: Share; returned: Share }
  created_by: string
  decided_by: string | null
  decided_at: string | null
  reason: string | null
  idempotency_key: string | null
  created_at: string
}

export type PayoutBatches = {
  /**
   * Asks for many payouts at once: all are taken or none, and wait until another person approves the batch. What is wrong with
   * which line is told in `lines` of the error.
   */
  create(batch: NewPayoutBatch, options?: PostOptions): Promise<PayoutBatch>
  /** The same from a CSV, whose first line names the columns. */
  upload(csv: string, called?: { name?: string }, options?: PostOptions): Promise<PayoutBatch>
  get(id: string): Promise<PayoutBatch>
  list(filter?: Paging): List<PayoutBatch>
  /** Approves one that waits, with the key of another person than the one who asked for it. */
  approve(id: string): Promise<PayoutBatch>
  /** Rejects one that waits: each of its payouts fails, and nothing is sent. */
  reject(id: string, because?: { reason?: string }): Promise<PayoutBatch>
}

export function payoutBatches(call: Call): PayoutBatches {
  const path = (id: string) => `/payouts/batches/${encodeURIComponent(id)}`
  return {
    create: (batch, options) => call.post('/payouts/batches', batch, options),
    upload: (csv, called = {}, { idempotencyKey = crypto.randomUUID() }: PostOptions = {}) =>
      call.upload('/payouts/batches', csv, called, { idempotencyKey }),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/payouts/batches', filter),
    approve: (id) => call.postOnce(`${path(id)}/approve`),
    reject: (id, because = {}) => call.postOnce(`${path(id)}/reject`, because),
  }
}
