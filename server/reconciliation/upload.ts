import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { findAccountOfShortcode } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import { Problem } from '../problem.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import type { Statement } from '../providers/record.ts'
import { startRun } from './start.ts'
import type { Run } from './run.ts'

/** A file as it was uploaded. */
export type Upload = { content: Buffer; name?: string }

type KeptStatement = Upload & { merchant_id: string; id: string; sha256: Buffer; uploaded_by: string; created_at: Date }

/**
 * Keeps a statement and writes down the run that will read it, due now. The same file may be uploaded again: it is kept once, and
 * compared anew.
 * @throws a Problem when it is no statement, or one of a short code that is not the merchant's.
 */
export async function receiveStatement(context: Context, current: Account, { content, name }: Upload): Promise<Run> {
  const { readStatement } = supported(
    providerOf(context, current).records,
    `${current.provider} has no statements that can be read here.`,
  )
  const statement = readStatement(content)
  const times = statement.records.flatMap(({ at }) => at ?? [])
  const [from, until] = [times[0], times.at(-1)]
  if (!from || !until) throw new Problem('invalid_request', 'The statement shows no completed movement.', 'file')

  const account = await accountOfStatement(context, current, statement)
  const statement_id = await keep(context, account, { content, name })
  const run = await startRun(context, account, { from, until, statement_id })
  await writeAudit(context.database, context, {
    merchant_id: account.merchant_id,
    action: 'reconciliation.statement_uploaded',
    subject: showId('rec', run.id),
    details: { name, records: statement.records.length },
  })
  return run
}

async function accountOfStatement(context: Context, current: Account, { shortcode }: Statement): Promise<Account> {
  if (!shortcode || shortcode === current.shortcode || shortcode === current.till) return current
  const account = await findAccountOfShortcode(context, { ...current, shortcode })
  if (account) return account
  throw new Problem(
    'invalid_request',
    `This is a statement of the short code ${shortcode}, and the account here is ${current.shortcode}.`,
    'file',
  )
}

async function keep(context: Context, { merchant_id }: Account, { content, name }: Upload): Promise<string> {
  const now = context.clock.now()
  const sha256 = createHash('sha256').update(content).digest()
  const { id } = await context.database.one<{ id: string }>(sql`
    insert into statements ${columns<KeptStatement>({
      merchant_id,
      id: newId(now),
      sha256,
      name,
      content,
      uploaded_by: context.actor,
      created_at: now,
    })}
    on conflict (merchant_id, sha256) do update set name = coalesce(excluded.name, statements.name)
    returning id`)
  return id
}
