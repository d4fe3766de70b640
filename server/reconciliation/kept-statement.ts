import { createHash } from 'node:crypto'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { Problem } from '../problem.ts'
import type { StatementReading } from '../providers/statement.ts'
import type { Run } from './run.ts'
import { keepStatement, receiveStatement } from './upload.ts'
import type { Upload } from './upload.ts'

/** A file that somebody looked at, and will compare with the books if they like what they saw. */
export type KeptFile = { merchant_id: string; content: Uint8Array; name?: string | undefined }

/** Keeps a file, once however often it comes, and answers its id. Nothing is compared. */
export function keepFile(context: Context, { merchant_id, content, name }: KeptFile): Promise<string> {
  const bytes = Buffer.from(content)
  const sha256 = createHash('sha256').update(bytes).digest()
  return keepStatement(context, merchant_id, { content: bytes, sha256, ...(name && { name }) })
}

/**
 * Writes down the run that compares a kept file with the books: work on it. Close the reading.
 * @throws a Problem when there is no such file, or when it is refused.
 */
export async function runKept(
  context: Context,
  current: Account,
  { id, ...upload }: Omit<Upload, 'file'> & { id: string },
): Promise<{ run: Run; reading: StatementReading }> {
  const kept = await context.database.maybe<{ content: Buffer; name: string | null }>(sql`
    select content, name from statements where merchant_id = ${current.merchant_id} and id = ${id}`)
  if (!kept) throw new Problem('not_found', 'This statement is not kept here. Load it again.')
  return receiveStatement(context, current, {
    ...upload,
    file: { content: kept.content },
    ...(kept.name && { name: kept.name }),
  })
}
