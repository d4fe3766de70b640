import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { findingOf, look } from './finding.ts'
import type { Finding, Seen } from './finding.ts'

const recentMs = 86_400_000

type Archiver = { mode: string; archived_at: Date | null; failed_at: Date | null }

/** Looks at the one sign of backups that a database shows: whether it archives what is written to it. */
export async function examineBackups(context: Context): Promise<Finding> {
  const [archiver] = await look<Archiver>(
    context,
    sql`select current_setting('archive_mode') as mode, last_archived_time as archived_at, last_failed_time as failed_at from pg_stat_archiver`,
  )
  return findingOf(
    'backups are recent',
    'Back up the database at least daily, keep LANGO_HOME/secret-key or LANGO_SECRET_KEY with it, and try now and then to bring it back.',
    judgeArchiver(archiver!, later(context.clock.now(), -recentMs)),
  )
}

/** What the archive of a database says, since when it should have grown. */
export function judgeArchiver({ mode, archived_at, failed_at }: Archiver, since: Date): Seen {
  if (mode === 'off')
    return {
      unknown: ['This database archives nothing by itself, and what else is backed up cannot be seen from here.'],
    }
  if (failed_at && (!archived_at || failed_at > archived_at))
    return { wrong: [`Archiving the database fails since ${failed_at.toISOString()}.`] }
  if (!archived_at || archived_at < since)
    return { unknown: ['Nothing was archived for a day: nothing was written, or the archive stands still.'] }
  return {
    right: [
      `The database was archived at ${archived_at.toISOString()}; whether the archive is whole, only bringing it back tells.`,
    ],
  }
}
