import type { ProviderRecord } from './record.ts'

/** What a statement says of itself, beside its movements. */
export type Statement = {
  /** The short codes whose it says to be; none where it says nothing. */
  shortcodes: string[]
  /** The short codes that its lines show as the organisation's own. */
  own_parties: string[]
  /** False where it says that its account is one into which no customer pays. */
  is_of_payments: boolean
  /** The time of which it says to be, both included. */
  period: Window | null
  /** From its first movement to its last, and from the first payment of a customer to the last. */
  moved: Window | null
  paid: Window | null
  /** How finely its times are written: to the second, the minute or the day. */
  precision_ms: number
  /** When it was exported, at the earliest: of what came later it cannot know. */
  reported_at: Date | null
  records: number
  unreadable: number
  /** Why the first of the unreadable cannot be read. */
  unreadable_because: string | null
  /** Lines that are no movement: what failed, sums, disclaimers. */
  ignored: number
  /** The receipts of lines that say themselves that nothing has moved. */
  unmoved_receipts: string[]
  /** Where it contradicts itself; the first of them, and how many there are. */
  disagreements: Disagreement[]
  disagreements_count: number
  /** True where its opening balance, its movements and its closing balance show that nothing is missing in it. */
  is_whole: boolean
  /** What was taken for granted while it was read, each a sentence. */
  notes: string[]
}

/** From one moment to another, both included. */
export type Window = { from: Date; until: Date }

/** Where a statement contradicts itself. */
export type Disagreement = { line: number | null; message: string }

/** How a statement is to be read. */
export type StatementOptions = {
  /** Whose: one statement of a merchant is read at a time. */
  merchant_id: string
  /** The short codes and tills of the merchant: a movement between them is none of a customer. */
  own: string[]
  /** The name of the file. */
  name?: string
  /** Somebody says that a list without a column of states has only what was completed. */
  isAllCompleted?: boolean
}

/** A file as it was sent, whatever its kind: itself, or as the field of a form. */
export type SentFile = { content: Uint8Array; contentType?: string }

/** What a table of records has of each. */
export const tableColumns = [
  'kind',
  'direction',
  'receipt',
  'amount_cents',
  'at',
  'reference',
  'phone',
  'phone_masked',
  'payer_name',
  'linked_receipt',
  'line',
  'problem',
  'repeats',
  'raw',
] as const satisfies (keyof ProviderRecord)[]

/** Records column by column, each as the bytes of an array that PostgreSQL reads: whoever passes them on need not look at them. */
export type RecordTable = { count: number; columns: Record<(typeof tableColumns)[number], Buffer> }

/**
 * A statement that is being read, in a process of its own: its movements, oldest first, each with its receipt in the normal form.
 * Close it when nothing more is wanted of it.
 */
export type StatementReading = {
  statement: Statement
  /** The file without the form around it, its name if the form had one, and its SHA-256. */
  file: { content: Buffer; name?: string; sha256: Buffer }
  /** So many movements from one on; none behind the last. */
  page(offset: number, size: number): Promise<ProviderRecord[]>
  /** The same as a table, for many of which little need be known here. */
  table(offset: number, size: number): Promise<RecordTable>
  /** The movements at these places, the first of all being 0. */
  at(places: number[]): Promise<ProviderRecord[]>
  close(): void
}
