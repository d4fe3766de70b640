import type { Database, Queryable, Sql } from '../../server/database/sql.ts'
import type { Random } from '../../simulator/random.ts'

export type Weather = {
  /** What the database does with a statement: answers; refuses the connection; or cuts it, before or after the statement. */
  database: 'answers' | 'refuses' | 'cuts'
  /** From 0 to 1: how often the shop's server fails when it is told something. */
  shopFails: number
}

/** A database that does what the weather says. */
export function stormyDatabase(database: Database, weather: Weather, random: Random): Database {
  const outside = stormy(database)
  return {
    ...outside,
    eachPart: (work) => database.eachPart((part) => work(stormyDatabase(part, weather, random))),
    load: database.load,
    end: () => database.end(),
    transaction: (work) => strike(() => database.transaction(work)),
  }

  function stormy(inner: Queryable): Queryable {
    return {
      query: <Row>(query: Sql) => strike(() => inner.query<Row>(query)),
      one: <Row>(query: Sql) => strike(() => inner.one<Row>(query)),
      maybe: <Row>(query: Sql) => strike(() => inner.maybe<Row>(query)),
    }
  }

  async function strike<Result>(ask: () => Promise<Result>): Promise<Result> {
    if (weather.database === 'answers') return ask()
    if (weather.database === 'refuses') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    if (random.fraction() < 0.5) await ask()
    throw new Error('Connection terminated unexpectedly')
  }
}
