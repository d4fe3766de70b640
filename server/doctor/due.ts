import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { join, raw, sql } from '../database/sql.ts'
import { finding, look } from './finding.ts'
import type { Finding } from './finding.ts'

/** Every column that makes a row due, and what waits there. */
export const dueColumns = [
  ['payments', 'check_at', 'checks of payments'],
  ['payments', 'receipt_due_at', 'searches for receipts'],
  ['payments', 'issue_at', 'receipts to issue'],
  ['receipts', 'mail_at', 'letters to payers'],
  ['mails', 'send_at', 'mail to send'],
  ['money_in', 'match_at', 'C2B money that waits for its payment'],
  ['refunds', 'check_at', 'checks of refunds'],
  ['payouts', 'check_at', 'checks of payouts'],
  ['deliveries', 'attempt_at', 'deliveries'],
  ['callbacks', 'settle_at', 'callbacks that were kept'],
  ['provider_accounts', 'reconcile_at', 'reconciliations'],
] as const

const longMs = 15 * 60_000
const countMax = 1_000

const advice = 'Is a node running, and does its log show errors? Due work is done by every node that runs lango start.'

/** Finds what has been due for long: work that no node does. */
export async function examineDue(context: Context): Promise<Finding[]> {
  const longAgo = later(context.clock.now(), -longMs)
  const counts = dueColumns.map(
    ([table, column, what]) => sql`
      select ${what}::text as what, count(*)::int as count
      from (select 1 from ${raw(table)} where ${raw(column)} < ${longAgo} limit ${countMax}) as due`,
  )
  const rows = await look<{ what: string; count: number }>(context, join(counts, sql` union all `))
  const late = rows.filter(({ count }) => count > 0)
  const total = late.reduce((sum, { count }) => sum + count, 0)
  const examples = late.map(({ what, count }) => `${count === countMax ? `${count} or more` : count} ${what}`)
  return [
    finding('nothing has been due for a quarter of an hour', advice, examples, total),
    await examineSpool(context, longAgo),
  ]
}

async function examineSpool({ spool }: Context, longAgo: Date): Promise<Finding> {
  const { count, oldest_at } = (await spool?.state()) ?? { count: 0, oldest_at: null }
  return finding(
    'no callback waits on disk for the database',
    'A node that runs on this home moves them into the database as soon as it reaches it: lango start.',
    oldest_at && oldest_at < longAgo ? [`${count} since ${oldest_at.toISOString()}`] : [],
    oldest_at && oldest_at < longAgo ? count : 0,
  )
}
