import type { LastBackup, LastFailure } from '../backup/save.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { recallOfInstallation } from '../database/installation.ts'
import { sql } from '../database/sql.ts'
import { findingOf, look } from './finding.ts'
import type { Finding, Seen } from './finding.ts'

const recentMs = 86_400_000
const hourMs = 3_600_000
/** A day, and some time for it to be made. */
const hoursMax = 26

type Archiver = { mode: string; archived_at: Date | null; failed_at: Date | null }

/** Looks at what is known of backups: how the last `lango backup` went, and whether the database archives what is written to it. */
export async function examineBackups(context: Context): Promise<Finding> {
  const now = context.clock.now()
  const last = await recallOfInstallation<LastBackup>(context.database, 'last_backup')
  const failure = await recallOfInstallation<LastFailure>(context.database, 'last_backup_failure')
  const [archiver] = await look<Archiver>(
    context,
    sql`select current_setting('archive_mode') as mode, last_archived_time as archived_at, last_failed_time as failed_at from pg_stat_archiver`,
  )
  return findingOf(
    'backups are recent',
    'Run lango backup at least daily, keep LANGO_HOME/secret-key or LANGO_SECRET_KEY apart from it, and try now and then to bring it back.',
    judgeBackup({ last, failure }, now),
    // Whoever makes backups otherwise has no other sign to show.
    last || failure ? {} : judgeArchiver(archiver!, later(now, -recentMs)),
  )
}

/** What is known of the backups that Lango makes. */
function judgeBackup({ last, failure }: { last?: LastBackup; failure?: LastFailure }, now: Date): Seen {
  if (failure && (!last || failure.at > last.at))
    return { wrong: [`The last backup, at ${failure.at} to ${failure.file}, failed: ${failure.because}`] }
  if (!last) return {}
  const hours = Math.floor((now.getTime() - new Date(last.at).getTime()) / hourMs)
  if (hours >= hoursMax) return { wrong: [`The last backup is ${hours} hours old: ${last.file}, of ${last.at}.`] }
  const how = last.proof === 'restored' ? 'restored into a database of its own' : 'read back whole'
  return { right: [`${last.file} was made at ${last.at}, ${hours} hours ago, and proven: it was ${how}.`] }
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
