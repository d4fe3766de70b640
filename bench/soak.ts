import { raw, sql } from '../server/database/sql.ts'
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
 * Makes whole payments at an even pace for so many minutes, and looks twelve times at what must not grow meanwhile. Beneath a
 * snapshot, what is there after the first of these stays to be seen until the end, as by a long backup.
 * @throws when a payment fails, or is not told to the shop.
 */
export async function measureSoak(
  url: string,
  { minutes, perSecond, beneathSnapshot }: { minutes: number; perSecond: number; beneathSnapshot: boolean },
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
      let letGo = async () => {}
      while (stretches.length < stretchCount) {
        const stretch = await served.spend(payments, async () => {
          const times = await evenly(payments, perSecond, async (_, dueAt) => {
            await payOnce(post, { town, key })
            return performance.now() - dueAt
          })
          return latencyOf(times)
        })
        stretches.push({ ...stretch, ...(await stateOf(served)) })
        if (beneathSnapshot && stretches.length === 1) letGo = await holdSnapshot(served)
      }
      await letGo()
      close()
      return stretches
    })
  } finally {
    town.close()
  }
}

/** Keeps all that is there now to be seen, until what it answers is called. */
async function holdSnapshot({ database }: Served): Promise<() => Promise<void>> {
  const [isHeld, isOver] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = database.transaction(async (transaction) => {
    await transaction.query(raw('set transaction isolation level repeatable read'))
    await transaction.query(sql`select from payments limit 1`)
    isHeld.resolve()
    await isOver.promise
  })
  await isHeld.promise
  return () => {
    isOver.resolve()
    return holding
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
