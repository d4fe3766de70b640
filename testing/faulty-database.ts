import type { Context } from '../server/context.ts'
import type { Sql } from '../server/database/sql.ts'

/** What becomes of a statement: `ask` carries it out. */
export type Fault = (query: Sql, ask: () => Promise<unknown[]>) => Promise<unknown[]>

/** A database with a switch: what becomes of a statement outside a transaction is up to the test. */
export function faultyDatabase() {
  let fault: Fault | undefined
  let underWay = 0
  const strike = (query: Sql, ask: () => Promise<unknown[]>) => {
    underWay++
    return (fault ? fault(query, ask) : ask()).finally(() => underWay--)
  }
  return {
    /** Puts a fault in the way of each statement from now on, or none. */
    fail: (next: Fault | undefined) => void (fault = next),
    /** Resolves when no statement has been under way for a while. */
    async rest() {
      for (let quiet = 0; quiet < 20; quiet = underWay === 0 ? quiet + 1 : 0)
        await new Promise((resolve) => setImmediate(resolve))
    },
    wrap: {
      database: (database: Context['database']): Context['database'] => {
        const single = (query: Sql, ask: () => Promise<unknown>) =>
          strike(query, async () => [await ask()]).then(([row]) => row) as never
        return {
          ...database,
          query: (query: Sql) => strike(query, () => database.query(query)) as never,
          one: (query: Sql) => single(query, () => database.one(query)),
          maybe: (query: Sql) => single(query, () => database.maybe(query)),
        }
      },
    },
  }
}

/** Nobody answers at the database's address. */
export const away: Fault = () =>
  Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }))

/** The statement is carried out, and nobody hears of it. */
export const unheard: Fault = async (_, ask) => {
  await ask()
  throw new Error('Connection terminated unexpectedly')
}
