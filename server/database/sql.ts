import pg from 'pg'
import { watchOutage } from './outage-watch.ts'
import type { OutageListener } from './outage-watch.ts'
import { watchQueue } from './queue-watch.ts'

/** A piece of SQL with its values apart from its text. Pieces nest. */
export type Sql = { readonly strings: readonly string[]; readonly values: readonly unknown[] }

/** What can run SQL: the database, or a transaction on it. */
export type Queryable = {
  query<Row>(query: Sql): Promise<Row[]>
  /** The one row that there must be; throws when there are none or several. */
  one<Row>(query: Sql): Promise<Row>
  /** The row, or undefined when there is none. */
  maybe<Row>(query: Sql): Promise<Row | undefined>
}

declare const inTransaction: unique symbol

/** A verb that takes a Transaction cannot be called outside one. */
export type Transaction = Queryable & { readonly [inTransaction]: true }

export type Database = Queryable & {
  /** Commits what `work` did, or none of it. Never call a provider inside. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** For how long it has had more to do than it can: 0 while it keeps up. */
  overloadedMs(): number
  end(): Promise<void>
}

/**
 * Writes SQL as SQL: `` sql`select * from payments where id = ${id}` ``. A value becomes a parameter, a nested piece becomes text:
 * at once, so that a piece which is made once, and stands in a statement that is run often, costs no more than its text.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return weave(strings, values)
}

/** Joins pieces, with `and` between conditions for example. */
export function join(pieces: Sql[], between: Sql): Sql {
  const values = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]))
  return weave(
    Array.from({ length: values.length + 1 }, () => ''),
    values,
  )
}

function weave(strings: readonly string[], values: readonly unknown[]): Sql {
  const woven: { strings: string[]; values: unknown[] } = { strings: [], values: [] }
  let text = strings[0]!
  const add = (value: unknown, after: string) => {
    woven.strings.push(text)
    woven.values.push(value)
    text = after
  }
  for (const [index, value] of values.entries()) {
    if (isSql(value)) {
      text += value.strings[0]!
      for (const [nested, inner] of value.values.entries()) add(inner, value.strings[nested + 1]!)
    } else add(value, '')
    text += strings[index + 1]!
  }
  woven.strings.push(text)
  return woven
}

/** Text that is SQL itself. Only for text written in this repository: migrations, names of partitions. */
export function raw(text: string): Sql {
  return { strings: [text], values: [] }
}

/**
 * Opens a pool on a PostgreSQL. A connection that breaks while idle is dropped by the pool and replaced at the next query.
 * @throws when `url` is no PostgreSQL URL; an unreachable server shows at the first query.
 */
export function connect(
  url: string,
  options: {
    connections?: number
    /** Whether the process may end while connections are open and idle. */
    mayEnd?: boolean
    /** How long one statement may take before its connection counts as cut; without it as long as it likes. */
    patienceMs?: number
  } & OutageListener = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: options.patienceMs,
    keepAlive: true,
    allowExitOnIdle: options.mayEnd,
    types: { getTypeParser },
  })
  // Without a listener, an idle connection that PostgreSQL closes would end the process.
  pool.on('error', () => {})
  const outage = watchOutage(options)
  const queue = watchQueue(pool)
  const watched = async <Result>(asked: Promise<Result>): Promise<Result> => {
    queue.asked()
    try {
      const result = await asked
      outage.succeeded()
      return result
    } catch (error) {
      outage.failed(error)
      throw error
    }
  }
  return {
    ...queryable((query) => watched(pool.query(query))),
    async transaction(work) {
      const client = await watched(pool.connect())
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
        await client.query('rollback').catch((failed: Error) => (broken = failed))
        throw error
      } finally {
        client.off('error', onBreak)
        // A connection that broke, or could not roll back, is not given to the next caller.
        client.release(broken)
      }
    },
    overloadedMs: queue.overloadedMs,
    end: () => pool.end(),
  }
}

type Statement = { text: string; values: unknown[] }

function queryable(run: (statement: Statement) => Promise<pg.QueryResult>): Queryable {
  const query = async <Row>(piece: Sql) => (await run(prepare(piece))).rows as Row[]
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

// Not a named statement: PostgreSQL would keep the plan that it made when the tables were empty, and a pooler in between may
// not know the name. Planning a batch anew costs far less than one wrong plan.
function prepare({ strings, values }: Sql): Statement {
  return { text: strings.reduce((text, string, index) => `${text}$${index}${string}`), values: [...values] }
}

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value
}

const int8 = 20

// Cents and counts are bigint in the tables; one beyond what a number holds exactly is a bug, never rounded.
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === int8) {
    return (text: string) => {
      const number = Number(text)
      if (!Number.isSafeInteger(number)) throw new Error(`${text} is too large a number.`)
      return number
    }
  }
  return pg.types.getTypeParser(oid, format as 'text')
}
