import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { listShortcodes } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import type { Refused, Unknown } from '../providers/outcome.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import type { ProviderRecord, RecordPage } from '../providers/record.ts'
import type { SentFile, StatementReading } from '../providers/statement.ts'
import type { Run } from './run.ts'
import { providerWords } from '../providers/names.ts'

/** As many lines of a statement are compared in one statement of SQL: large, so that these are few, and small enough to hold up nobody. */
export const statementTableSize = 2_500
/** As many are foreseen at once. */
export const statementPageSize = 1_000

/** Answers the records of a run from its next offset on. A page without records is the end. */
export type ReadPage = (run: Run) => Promise<RecordPage | Refused | Unknown>

/** Reads a run's records as the provider gives them. */
export function providersPages(context: Context, account: Account): ReadPage {
  const { records } = providerOf(context, account)
  return async ({ window_from: from, window_until: until, next_offset: offset }) =>
    records
      ? records.list(context, account, { from, until, offset })
      : {
          kind: 'refused',
          by: 'lango',
          code: undefined,
          message: `The provider ${providerWords[account.provider]} gives no records.`,
          raw: '',
        }
}

/**
 * Opens a statement of an account's merchant.
 * @throws a Problem when it is none, or when a question must be answered first.
 */
export async function openStatement(
  context: Context,
  account: Account,
  { file, name, isAllCompleted }: { file: SentFile; name?: string; isAllCompleted: boolean },
): Promise<StatementReading> {
  const records = supported(
    providerOf(context, account).records,
    `The provider ${providerWords[account.provider]} has no statements that can be read here.`,
  )
  const own = await listShortcodes(context, account)
  return records.openStatement(file, { merchant_id: account.merchant_id, own, name, isAllCompleted })
}

/** Opens the statement of a run from where it is kept. */
export async function openKept(context: Context, account: Account, run: Run): Promise<StatementReading> {
  const { content, name } = await context.database.one<{ content: Buffer; name: string | null }>(sql`
    select content, name from statements where merchant_id = ${run.merchant_id} and id = ${run.statement_id}`)
  return openStatement(context, account, {
    file: { content },
    name: name ?? undefined,
    isAllCompleted: run.assume_completed,
  })
}

/**
 * The records that a run has not met: a list that grows while it is read shows some of them twice. With another amount a receipt is
 * another record, and of two in one page neither is certain.
 */
export async function unmet(context: Context, run: Run, records: ProviderRecord[]): Promise<ProviderRecord[]> {
  const rows = await context.database.query<Told>(sql`
    select receipt, amount_cents from reconciliation_items
    where merchant_id = ${run.merchant_id} and run_id = ${run.id} and receipt = any (${records.map(({ receipt }) => receipt)}::text[])`)
  const met = new Set(rows.map(nameOf))
  const fresh = records.filter((record) => !met.has(nameOf(record)) && met.add(nameOf(record)))
  const told = Map.groupBy(fresh, ({ receipt }) => receipt)
  return fresh.map((record) =>
    told.get(record.receipt)!.length > 1 ? { ...record, repeats: 'receipt' as const } : record,
  )
}

type Told = Pick<ProviderRecord, 'receipt' | 'amount_cents'>

function nameOf({ receipt, amount_cents }: Told): string {
  return `${receipt} ${amount_cents}`
}
