import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetchPostgres } from '../cli/fetch-postgres.ts'
import { packageName } from '../server/index.ts'

/** The folder of the package with an older PostgreSQL, fetched once for this machine. */
export async function oldPostgres(major: number): Promise<string> {
  const folder = join(tmpdir(), `lango-postgresql-${major}`)
  const programs = join(folder, 'node_modules', ...packageName().split('/'))
  return existsSync(join(programs, 'native')) ? programs : fetchPostgres(folder, major)
}
