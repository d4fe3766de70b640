import { later } from '../clock.ts'
import { dayMs } from '../day.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/** Forgets sessions and links that have been of no use for three months. Answers how many there were. */
export async function forgetSessions({ database, clock }: Context): Promise<number> {
  const before = later(clock.now(), -90 * dayMs)
  const sessions = await database.query(sql`delete from sessions where created_at < ${before} returning 1`)
  const links = await database.query(sql`delete from invitations where expires_at < ${before} returning 1`)
  return sessions.length + links.length
}
