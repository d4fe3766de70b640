import { join } from 'node:path'
import { freePort } from '../../command.ts'
import { assemble } from '../processes/installation.ts'
import type { Installation } from '../processes/installation.ts'
import { startPostgres } from './postgres.ts'
import type { Postgres } from './postgres.ts'

/** Two nodes on a PostgreSQL that can be struck. */
export type Struck = Installation & { postgres: Postgres }

export async function install(seed: number): Promise<Struck> {
  let postgres: Postgres | undefined
  const installation = await assemble({
    name: 'kill -9',
    seed,
    nodeCount: 2,
    async openDatabase({ folder, atEnd }) {
      postgres = await startPostgres(join(folder, 'database'), Number(await freePort()))
      atEnd(postgres.stop)
      return postgres
    },
  })
  return { ...installation, postgres: postgres! }
}
