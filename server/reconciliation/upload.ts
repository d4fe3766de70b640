import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'
import { Problem } from '../problem.ts'
import type { SentFile, Statement, StatementReading, Window } from '../providers/statement.ts'
import { openStatement } from './pages.ts'
import { startRun } from './start.ts'
import type { Start } from './start.ts'
import type { Run } from './run.ts'
import { whoseStatement } from './whose.ts'

/** A file as it was uploaded, and what whoever uploads it says of it. */
export type Upload = {
  file: SentFile
  /** What it is called, where the file does not bring its name. */
  name?: string
  /** Whose it is, where it does not show that itself. */
  shortcode?: string
  /** That it is of the very account that it is sent for. Else it is of whichever account of the merchant it shows. */
  isNamed?: boolean
  /** That it lists completed movements only, where it has no column that says so. */
  isAllCompleted: boolean
}

/** A statement that was understood: what a run of it begins with, and the reading of it, to be closed by whoever has it. */
export type Understood = { account: Account; reading: StatementReading; start: Start }

/**
 * Keeps a statement and writes down the run that reads it: work on it. The same file may be uploaded again: it is kept once, and
 * compared anew. Close the reading.
 * @throws a Problem when it is refused; then nothing of it is kept.
 */
export async function receiveStatement(
  context: Context,
  current: Account,
  upload: Upload,
): Promise<{ run: Run; reading: StatementReading }> {
  const { account, reading, start } = await understandStatement(context, current, upload)
  try {
    const statement_id = await keepStatement(context, account.merchant_id, reading.file)
    const run = await startRun(context, account, { ...start, statement_id })
    await writeAudit(context.database, context, {
      merchant_id: account.merchant_id,
      action: 'reconciliation.statement_uploaded',
      subject: showId('rec', run.id),
      details: { name: reading.file.name, records: reading.statement.records, note: start.note },
    })
    return { run, reading }
  } catch (error) {
    reading.close()
    throw error
  }
}

/**
 * Opens a statement, and finds out whose it is and of which time. Changes nothing.
 * @throws a Problem when it is no statement, when nothing in it can be read, when it is of a short code that is not the
 * merchant's, or when a question must be answered first.
 */
export async function understandStatement(context: Context, current: Account, upload: Upload): Promise<Understood> {
  const reading = await openStatement(context, current, upload)
  try {
    const { statement } = reading
    if (statement.records > 0 && statement.unreadable === statement.records) throw nothingReadable(statement)
    const { shortcode, isNamed = false } = upload
    const { account, note } = await whoseStatement(context, current, reading, { shortcode, isNamed })
    const start = {
      ...windowOf(statement),
      note: [...(note ? [note] : []), ...notesOf(statement)].join(' '),
      records_total: statement.records,
      assume_completed: upload.isAllCompleted,
    }
    return { account, reading, start }
  } catch (error) {
    reading.close()
    throw error
  }
}

function nothingReadable({ records, unreadable_because }: Statement): Problem {
  const lines =
    records === 1
      ? 'The one line of the statement is unreadable.'
      : `All ${records} lines of the statement are unreadable.`
  return new Problem('invalid_request', `${lines} ${unreadable_because}`, 'file')
}

function windowOf({ period, moved }: Statement): Window {
  const window = period ?? moved
  if (window) return { from: window.from, until: window.until }
  throw new Problem(
    'invalid_request',
    'The statement shows no completed movement, and does not say of which time it is: there is nothing to compare. Export it with what the portal writes above the list.',
    'file',
  )
}

/** What whoever reads the run has to know of the statement. */
function notesOf(statement: Statement): string[] {
  const { notes, unreadable, unreadable_because, disagreements, disagreements_count } = statement
  const broken = unreadable > 0 ? [`${unreadable} ${lines(unreadable)} could not be read. ${unreadable_because}`] : []
  const [first] = disagreements
  if (!first) return [...notes, ...broken]
  const where = first.line === null ? '' : ` in line ${first.line}`
  const more = disagreements_count > 1 ? ` The first of ${disagreements_count} such places; the report names them.` : ''
  return [...notes, ...broken, `The statement contradicts itself${where}: ${first.message}${more}`]
}

function lines(count: number): string {
  return count === 1 ? 'line' : 'lines'
}

type KeptStatement = StatementReading['file'] & {
  merchant_id: string
  id: string
  uploaded_by: string
  created_at: Date
}

/** Keeps the file of a statement, once however often it comes, and answers its id. */
export async function keepStatement(
  context: Context,
  merchant_id: string,
  { content, name, sha256 }: StatementReading['file'],
): Promise<string> {
  const now = context.clock.now()
  const { id } = await context.database.one<{ id: string }>(sql`
    insert into statements ${oneRow<KeptStatement>({
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
