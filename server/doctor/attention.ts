import { sources } from '../attention/source.ts'
import type { Kind, Source } from '../attention/source.ts'
import type { Context } from '../context.ts'
import { installationTables } from '../database/spread.ts'
import { join, raw, sql } from '../database/sql.ts'
import { finding, look } from './finding.ts'
import type { Finding } from './finding.ts'

const words: Record<Kind, string> = {
  payment: 'payments that are flagged',
  refund: 'refunds that are flagged',
  payout: 'payouts that are flagged',
  outside_payment: 'payments made elsewhere that wait for a second person',
  money_in: 'receipts of money that no payment explains',
  callback: 'callbacks that are kept with a problem',
  stray: 'callbacks without a valid token that tell of money',
  run: 'reconciliation runs that disagree',
}

const countMax = 1_000

/** Counts what is kept and waits for a person, of all merchants: some of it may be money. */
export async function examineAttention(context: Context): Promise<Finding> {
  const isOfInstallation = ({ table }: Source) => installationTables.some((name) => name === table)
  const ofMerchants = sources.filter((source) => !isOfInstallation(source))
  const parts = await context.database.eachPart((database) => count({ ...context, database }, ofMerchants))
  const waiting = await Promise.all(sources.filter(isOfInstallation).map((source) => countOfAll(context, source)))
  for (const { kind } of ofMerchants)
    waiting.push({ kind, count: sum(parts.flat().filter((counted) => counted.kind === kind)) })
  return finding(
    'nothing that may be money is kept and waits for a person',
    'GET /v1/attention lists each of them with what can be done, and POST /v1/attention/{id}/resolve takes a note of what came of it.',
    waiting
      .filter(({ count }) => count > 0)
      .map(({ kind, count }) => `${words[kind]}: ${count}${count >= countMax ? ' or more' : ''}`),
    sum(waiting),
  )
}

type Count = { kind: Kind; count: number }

function count(context: Context, of: Source[]): Promise<Count[]> {
  const counts = of.map(
    ({ kind, table, needs }) => sql`
      select ${kind}::text as kind, count(*)::int as count from (select from ${raw(table)} t where ${needs} limit ${countMax}) as needing`,
  )
  return look<Count>(context, join(counts, sql` union all `))
}

/** The rows of a table that is whole beside every part: each part knows of its own merchants only what needs nobody. */
async function countOfAll(context: Context, { kind, table, needs }: Source): Promise<Count> {
  const needing = await context.database.eachPart((database) =>
    look<{ id: string }>(
      { ...context, database },
      sql`select t.id from ${raw(table)} t where ${needs} order by t.id limit ${countMax}`,
    ),
  )
  const [first, ...others] = needing.map((rows) => new Set(rows.map(({ id }) => id)))
  return { kind, count: [...first!].filter((id) => others.every((other) => other.has(id))).length }
}

function sum(counts: Count[]): number {
  return counts.reduce((total, { count }) => total + count, 0)
}
