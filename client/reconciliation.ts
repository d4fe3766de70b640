import type { Call } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, OfAccount, Provider } from './payments.ts'
import { queryText } from './query.ts'

/** Whether and when the account is reconciled by itself. */
export type ReconciliationState = {
  account: string
  shortcode: string
  environment: string
  registered_at: string | null
  next_run_at: string | null
  reconciled_until: string | null
  /** Why it is not reconciled by itself. */
  problem: string | null
}

type Sums = { count: number; paid_in: string; withdrawn: string }

/** What a run found: every record is counted in one place, to the cent. */
export type ReconciliationReport = {
  /** All of the provider's records in the window. */
  records: Sums
  matched: Sums
  recovered: Sums
  mismatched: Sums
  not_found: Sums
  /** What is in the books and not in the records. */
  unknown_to_provider: Sums
  /** Lines that moved no money, or stand there twice. */
  ignored: number
  /** Where a statement contradicts itself: its balances, totals and period against its lines. The first of them. */
  disagreements: { line: number | null; message: string }[]
  disagreements_count: number
  details: {
    kind: string
    direction: string | null
    outcome: string
    reason: string
    explanation: string
    count: number
    amount: string
  }[]
}

/** A window of the provider's records, compared with the books. */
export type ReconciliationRun = {
  id: string
  provider: Provider
  environment: Environment
  account: string
  source: 'pull' | 'statement'
  started_by: string
  status: 'running' | 'completed' | 'failed' | 'skipped'
  from: string
  until: string
  records_read: number
  /** How many records a statement has; null where M-Pesa is asked page by page. */
  records_total: number | null
  note: string | null
  problem: string | null
  report: ReconciliationReport | null
  created_at: string
  completed_at: string | null
}

/** What became of one record. */
export type ReconciliationItem = {
  /** Unknown where the record could not be read. */
  kind: 'payment' | 'reversal' | 'payout' | 'charge' | 'transfer' | 'unknown'
  direction: 'in' | 'out' | null
  outcome: 'matched' | 'recovered' | 'mismatched' | 'not_found'
  reason: string
  explanation: string
  receipt: string | null
  amount: string | null
  expected_amount: string | null
  at: string | null
  account_reference: string | null
  payer: { name: string | null; phone: string | null }
  linked_receipt: string | null
  payment_id: string | null
  payout_id: string | null
  candidates: string[]
  /** Where it stands in the file that was uploaded. */
  line: number | null
  raw: string | null
}

/** What the upload of a statement would do. */
export type StatementPreview = {
  /** The account that the statement is of. */
  account: string
  shortcode: string
  environment: string
  from: string
  until: string
  records_total: number
  note: string | null
  report: ReconciliationReport
  /** Line by line what would become of each, a thousand at once. */
  items: ReconciliationItem[]
  has_more: boolean
  next_cursor: string | null
}

/** What whoever uploads a statement says of it, where it does not say so itself. The run notes it. */
export type StatementWord = {
  /** The account that it must be of, by its name or id. Without it the statement goes to whichever of yours it shows. */
  account?: string
  /** Whose it is. */
  shortcode?: string
  /** That all of its lines were completed. */
  assume_completed?: boolean
}

export type ReconciliationRunFilter = Paging & {
  /** One of your accounts, by its name or id. */
  account?: string
  source?: ReconciliationRun['source']
  status?: ReconciliationRun['status']
}

export type ReconciliationItemFilter = Paging & {
  outcome?: ReconciliationItem['outcome']
  kind?: ReconciliationItem['kind']
  reason?: string
  receipt?: string
}

export type Reconciliation = {
  state(of?: OfAccount): Promise<ReconciliationState>
  /** Registers the short code for Pull Transactions, once; from then on it is reconciled every 15 minutes. Safe to repeat. */
  register(
    registration?: OfAccount & { nominated_number?: string },
  ): Promise<ReconciliationState & { already_registered: boolean }>
  /** Compares M-Pesa's records with the books now: of a window in the last 48 hours, or of what is due. */
  run(window?: OfAccount & { from?: string | Date; until?: string | Date }): Promise<ReconciliationRun>
  /** Compares the CSV or XLSX that the M-PESA organisation portal exports with the books, of any period. */
  uploadStatement(file: string | Uint8Array, word?: StatementWord): Promise<ReconciliationRun>
  /** Says what `uploadStatement` would do, line by line, and does nothing. `cursor` is the `next_cursor` of the lines before. */
  previewStatement(
    file: string | Uint8Array,
    options?: StatementWord & { limit?: number; cursor?: string },
  ): Promise<StatementPreview>
  get(id: string): Promise<ReconciliationRun>
  list(filter?: ReconciliationRunFilter): List<ReconciliationRun>
  /** What became of each record of a run, in their order. */
  items(id: string, filter?: ReconciliationItemFilter): List<ReconciliationItem>
}

export function reconciliation(call: Call): Reconciliation {
  const path = (id: string) => `/reconciliation/runs/${encodeURIComponent(id)}`
  return {
    state: (of = {}) => call.get(`/reconciliation/mpesa${queryText(of)}`),
    register: ({ account, ...registration } = {}) =>
      call.post(`/reconciliation/mpesa/register${queryText({ account })}`, registration),
    run: ({ account, ...window } = {}) => call.post(`/reconciliation/runs${queryText({ account })}`, window),
    uploadStatement: (file, word = {}) => call.upload('/reconciliation/statements', file, word),
    previewStatement: (file, options = {}) =>
      call.upload('/reconciliation/statements', file, { ...options, preview: true }),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/reconciliation/runs', filter),
    items: (id, filter = {}) => call.list(`${path(id)}/items`, filter),
  }
}
