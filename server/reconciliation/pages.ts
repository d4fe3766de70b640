import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Account } from '../accounts/account.ts'
import type { Refused, Unknown } from '../providers/outcome.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { ProviderRecord, RecordPage, Statement } from '../providers/record.ts'
import type { Run } from './run.ts'

const statementPageSize = 500

/** Answers the records of a run from its next offset on. A page without records is the end. */
export type ReadPage = (run: Run) => Promise<RecordPage | Refused | Unknown>

/** How the records of a run are read: asked of the provider, or from the statement that was uploaded. */
export async function pagesOf(
  context: Context,
  account: Account,
  run: Run,
): Promise<{ read: ReadPage; statement?: Statement }> {
  if (run.statement_id) {
    const statement = await readKept(context, account, run)
    const read = async ({ next_offset }: Run) => ({
      kind: 'page' as const,
      records: statement.records.slice(next_offset, next_offset + statementPageSize),
    })
    return { read, statement }
  }
  const { records } = providerOf(context, account)
  const read: ReadPage = async ({ window_from: from, window_until: until, next_offset: offset }) =>
    records
      ? records.list(context, account, { from, until, offset })
      : { kind: 'refused', by: 'lango', code: undefined, message: `${account.provider} gives no records.`, raw: '' }
  return { read }
}

async function readKept(context: Context, account: Account, { merchant_id, statement_id }: Run): Promise<Statement> {
  const { content } = await context.database.one<{ content: Buffer }>(sql`
    select content from statements where merchant_id = ${merchant_id} and id = ${statement_id}`)
  return providerOf(context, account).records!.readStatement(content)
}

/** The records that a run has not met: a list that grows while it is read shows some of them twice. */
export async function unmet(context: Context, run: Run, records: ProviderRecord[]): Promise<ProviderRecord[]> {
  const rows = await context.database.query<{ receipt: string }>(sql`
    select receipt from reconciliation_items
    where merchant_id = ${run.merchant_id} and run_id = ${run.id} and receipt = any (${records.map(({ receipt }) => receipt)}::text[])`)
  const met = new Set(rows.map(({ receipt }) => receipt))
  return records.filter(({ receipt }) => !met.has(receipt) && met.add(receipt))
}
