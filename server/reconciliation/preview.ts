import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { compare } from './compare.ts'
import { imagine } from './deeds.ts'
import { itemOf } from './items.ts'
import type { NewItem } from './item.ts'
import { statementPageSize } from './pages.ts'
import { reportOf } from './report.ts'
import type { Report } from './report.ts'
import { runOf } from './start.ts'
import type { Run } from './run.ts'
import { findUnknownToProvider } from './unknown-to-provider.ts'
import { understandStatement } from './upload.ts'
import type { Upload } from './upload.ts'

/** What a statement would do, and line by line what would become of each; a page of the lines. */
export type Preview = { account: Account; run: Run; report: Report; items: NewItem[]; hasMore: boolean }

/**
 * Says what an upload of this statement would do, and does nothing: the books, the payments and the runs stay as they are.
 * @throws a Problem where the upload would be refused.
 */
export async function previewStatement(
  context: Context,
  current: Account,
  upload: Upload,
  { limit, after }: { limit: number; after: number },
): Promise<Preview> {
  const { account, reading, start } = await understandStatement(context, current, upload)
  try {
    const run: Run = { ...runOf(context, account, start), source: 'statement' }
    const deeds = imagine()
    const items: NewItem[] = []
    for (let offset = 0; ; offset += statementPageSize) {
      const records = await reading.page(offset, statementPageSize)
      if (records.length === 0) break
      const comparisons = await compare(context, { run, deeds }, records)
      items.push(...records.map((record, index) => itemOf(record, comparisons[index]!)))
    }
    namePayments(items)
    const shown = new Set(
      items.flatMap(({ kind, receipt }) => (kind === 'payment' || kind === 'unknown' ? (receipt ?? []) : [])),
    )
    const unknown = await findUnknownToProvider(context, run, reading.statement)
    items.push(...unknown.filter(({ receipt }) => receipt === null || !shown.has(receipt)))
    const end = after + 1 + limit
    return {
      account,
      run: { ...run, next_offset: reading.statement.records },
      report: reportOf(items, reading.statement),
      items: items.slice(after + 1, end),
      hasMore: items.length > end,
    }
  } finally {
    reading.close()
  }
}

/** What goes back of a payment that this statement itself would complete is of that payment, which the books do not show yet. */
function namePayments(items: NewItem[]): void {
  const paid = new Map(items.map(({ kind, receipt, payment_id }) => [kind === 'payment' ? receipt : null, payment_id]))
  for (const item of items)
    if (item.kind === 'reversal' && item.linked_receipt) item.payment_id ??= paid.get(item.linked_receipt) ?? null
}
