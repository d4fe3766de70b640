import { sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { latencyOf } from './latency.ts'
import { evenly } from './pace.ts'
import { payOnce } from './pay-once.ts'
import { createPoster } from './post.ts'
import { serve } from './served.ts'
import type { Served, Spent } from './served.ts'
import { openShop } from './shop.ts'
import { createTown } from './town.ts'

/** One stretch of a soak: how payments went, and how server and database stood at its end. */
export type Stretch = Spent & {
  p50Ms: number
  p99Ms: number
  /** Connections of this database. */
  connections: number
  /** Of a hundred rows, so many are dead and not cleared away yet. */
  deadPercent: number
  /** How often PostgreSQL has cleared a table since the soak began. */
  vacuums: number
}

const stretchCount = 12

/**
 * Makes whole payments at an even pace for so many minutes, and looks twelve times at what must not grow meanwhile.
 * @throws when a payment fails, or is not told to the shop.
 */
export async function measureSoak(
  url: string,
  { minutes, perSecond }: { minutes: number; perSecond: number },
): Promise<Stretch[]> {
  const town = await createTown()
  let key = ''
  const fill = async (database: Database) => {
    key = await openShop(database, town)
  }
  try {
    return await serve('lango', { url, env: { BENCH_DARAJA_URL: town.url } }, fill, async (served) => {
      const { post, close } = createPoster(served.port)
      const payments = Math.round((minutes * 60 * perSecond) / stretchCount)
      const stretches: Stretch[] = []
      while (stretches.length < stretchCount) {
        const stretch = await served.spend(payments, async () => {
          const times = await evenly(payments, perSecond, async (_, dueAt) => {
            await payOnce(post, { town, key })
            return performance.now() - dueAt
          })
          return latencyOf(times)
        })
        stretches.push({ ...stretch, ...(await stateOf(served)) })
      }
      close()
      return stretches
    })
  } finally {
    town.close()
  }
}

function stateOf({ database }: Served): Promise<Pick<Stretch, 'connections' | 'deadPercent' | 'vacuums'>> {
  return database.one(sql`
    select (select count(*) from pg_stat_activity where datname = current_database())::int as connections,
      (100 * sum(n_dead_tup) / greatest(1, sum(n_live_tup + n_dead_tup)))::float as "deadPercent",
      sum(autovacuum_count)::int as vacuums
    from pg_stat_user_tables`)
}

/** Prints a line for each stretch. */
export function printSoak(stretches: Stretch[], { minutes }: { minutes: number }): void {
  console.log(`\nsoak: whole payments, ${minutes} minutes\n`)
  console.log(
    '| after min | p50 ms | p99 ms | server µs | PostgreSQL µs | memory MB | connections | dead rows % | vacuums |',
  )
  console.log('|--:|--:|--:|--:|--:|--:|--:|--:|--:|')
  for (const [index, one] of stretches.entries()) {
    const { p50Ms, p99Ms, serverUs, postgresUs, memoryMb, connections, deadPercent, vacuums } = one
    const after = (minutes * (index + 1)) / stretches.length
    const figures = [after, p50Ms, p99Ms, serverUs, postgresUs, memoryMb].map((figure) => figure.toFixed(0))
    console.log(`| ${[...figures, connections, deadPercent.toFixed(1), vacuums].join(' | ')} |`)
  }
}
