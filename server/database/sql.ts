import { createHash } from 'node:crypto'
import pg from 'pg'

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
  end(): Promise<void>
}

/** Writes SQL as SQL: `` sql`select * from payments where id = ${id}` ``. A value becomes a parameter, a nested piece becomes text. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return { strings, values }
}

/** Joins pieces, with `and` between conditions for example. */
export function join(pieces: Sql[], between: Sql): Sql {
  return pieces.length === 0 ? sql`` : pieces.reduce((left, right) => sql`${left}${between}${right}`)
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
  options: { connections?: number; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    types: { getTypeParser },
  })
  // Without a listener, an idle connection that PostgreSQL closes would end the process.
  pool.on('error', (error) => options.onError?.(error))
  return {
    ...queryable((query) => pool.query(query)),
    async transaction(work) {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work(queryable((query) => client.query(query)) as Transaction)
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failed: Error) => (broken = failed))
        throw error
      } finally {
        // A connection that could not roll back is not given to the next caller.
        client.release(broken)
      }
    },
    end: () => pool.end(),
  }
}

type Prepared = { text: string; values: unknown[]; name?: string }

function queryable(run: (query: Prepared) => Promise<pg.QueryResult>): Queryable {
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

const names = new Map<string, string>()

// Named, so that PostgreSQL plans a statement once for each connection and not for each batch.
function prepare(piece: Sql): Prepared {
  const values: unknown[] = []
  const text = flatten(piece, values)
  if (values.length === 0) return { text, values }
  let name = names.get(text)
  if (!name) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 20)
    names.set(text, name)
  }
  return { text, values, name }
}

function flatten(piece: Sql, values: unknown[]): string {
  let text = piece.strings[0]!
  for (const [index, value] of piece.values.entries()) {
    text += isSql(value) ? flatten(value, values) : `$${values.push(value)}`
    text += piece.strings[index + 1]!
  }
  return text
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
