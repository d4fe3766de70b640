import type pg from 'pg'
import { tracedStatement } from '../tracing.ts'
import { createNames, isNameLost } from './names.ts'
import { isAway } from './outage.ts'
import { watchOutage } from './outage-watch.ts'
import type { OutageListener } from './outage-watch.ts'
import { openPool } from './pool.ts'
import type { PoolOptions } from './pool.ts'
import { addLoads, watchQueue } from './queue-watch.ts'
import type { Database, Queryable, Sql, Transaction } from './sql.ts'

export type ConnectOptions = PoolOptions &
  OutageListener & {
    /** False where a pooler stands in between that gives a connection to another session at each transaction. */
    mayName?: boolean
  }

/**
 * Opens a pool on a PostgreSQL. A connection that breaks while idle is dropped by the pool and replaced at the next query.
 * @throws when `url` is no PostgreSQL URL; an unreachable server shows at the first query.
 */
export function connect(url: string, options: ConnectOptions = {}): Database {
  const pool = openPool(url, options)
  const named = options.mayName === false ? pool : openPool(url, { ...options, keepsPlans: true })
  const [queue, queueOfNamed] = [watchQueue(pool), watchQueue(named)]
  const outage = watchOutage(options)
  const watched = async <Result>(asked: Promise<Result>): Promise<Result> => {
    try {
      const result = await asked
      outage.succeeded()
      return result
    } catch (error) {
      outage.failed(error)
      throw error
    }
  }
  const asking = (of: pg.Pool, { asked }: typeof queue): Ask => {
    return (statement) => {
      const answer = watched(of.query(statement))
      asked()
      return answer
    }
  }
  const ask = asking(pool, queue)
  const askByName = named === pool ? ask : byName(asking(named, queueOfNamed))
  const database: Database = {
    ...queryable((statement, isNamed) => (isNamed ? askByName(statement) : ask(statement))),
    // Here nothing is named: what is refused in a transaction cannot be repeated in it.
    async transaction(work) {
      const connecting = watched(pool.connect())
      queue.asked()
      const client = await connecting
      let broken: Error | undefined
      // A connection that breaks between two statements has no query to tell of it, and would end the process.
      const onBreak = (error: Error) => (broken = error)
      client.on('error', onBreak)
      try {
        await client.query('begin')
        const result = await work(queryable((query) => watched(client.query(query))) as Transaction)
        await client.query('commit')
        return result
      } catch (error) {
        // Whoever did not answer is not asked again, and a server that has become a standby stays one.
        if (isAway(error)) broken = error as Error
        else await client.query('rollback').catch((failed: Error) => (broken = failed))
        throw error
      } finally {
        client.off('error', onBreak)
        // Such a connection, and one that broke or could not roll back, is not given to the next caller.
        client.release(broken)
      }
    },
    eachPart: async (work) => [await work(database)],
    load: () => addLoads((named === pool ? [queue] : [queue, queueOfNamed]).map((one) => one.load())),
    async end() {
      await Promise.all([...new Set([pool, named])].map((one) => one.end()))
    },
  }
  return database
}

type Statement = { text: string; values: unknown[]; name?: string | undefined }
type Ask = (statement: Statement) => Promise<pg.QueryResult>

/** Asks by the name of a text, and without it where a connection refuses the name: then nothing of it was done. */
function byName(ask: Ask): Ask {
  const names = createNames()
  return async (statement) => {
    const name = names.nameOf(statement.text)
    try {
      return await ask({ ...statement, name })
    } catch (error) {
      if (!name || !isNameLost(error)) throw error
      names.lost(statement.text, name)
      return ask(statement)
    }
  }
}

function queryable(run: (statement: Statement, isNamed?: boolean) => Promise<pg.QueryResult>): Queryable {
  return countingRows(async <Row>(piece: Sql) => {
    const statement = prepare(piece)
    const { rows } = await tracedStatement(statement.text, () => run(statement, piece.isNamed))
    return rows as Row[]
  })
}

/** What can run SQL, of what answers its rows. */
export function countingRows(query: Queryable['query']): Queryable {
  return {
    query,
    async one<Row>(piece: Sql) {
      const rows = await query<Row>(piece)
      if (rows.length !== 1) throw new Error(`Expected one row, got ${rows.length}.`)
      return rows[0]!
    },
    async maybe<Row>(piece: Sql) {
      const rows = await query<Row>(piece)
      if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}.`)
      return rows[0]
    },
  }
}

const texts = new WeakMap<readonly string[], string>()

function prepare({ strings, values }: Sql): Statement {
  let text = texts.get(strings)
  if (text === undefined)
    texts.set(strings, (text = strings.reduce((before, string, index) => `${before}$${index}${string}`)))
  return { text, values: [...values] }
}
