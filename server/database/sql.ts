import type pg from 'pg'
import { createNames, isNameLost } from './names.ts'
import { isAway } from './outage.ts'
import { watchOutage } from './outage-watch.ts'
import type { OutageListener } from './outage-watch.ts'
import { openPool } from './pool.ts'
import type { PoolOptions } from './pool.ts'
import { addLoads, watchQueue } from './queue-watch.ts'
import type { PoolLoad } from './queue-watch.ts'
import { tracedStatement } from '../tracing.ts'

/** A piece of SQL with its values apart from its text. Pieces nest. */
export type Sql = {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
  /** Read and planned once for each connection, not each time that it is run. Holds for a whole statement, not for a piece of one. */
  readonly isNamed?: true
}

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
  /**
   * Does work on each part of what merchants have, one after the other, each time from another on, and answers what each answered. A merchant is whole in one part.
   * On one machine there is one, and it is everything; tables of the installation are whole in each.
   */
  eachPart<T>(work: (part: Database) => Promise<T>): Promise<T[]>
  /** How this node's connections to it stand. */
  load(): PoolLoad
  end(): Promise<void>
}

/** Writes SQL as SQL: `` sql`select * from payments where id = ${id}` ``. A value becomes a parameter, a nested piece becomes text. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return weave(strings, values)
}

/**
 * The same for a whole statement that is run often and is always the same text: PostgreSQL reads and plans it once for each
 * connection. Not for lists and searches, where another filter, or a merchant of another size, wants another plan; and what there are
 * many of goes in as one array, so that the text does not follow their number.
 */
sql.named = (strings: TemplateStringsArray, ...values: unknown[]): Sql => ({ ...weave(strings, values), isNamed: true })

/** Joins pieces, with `and` between conditions for example. */
export function join(pieces: Sql[], between: Sql): Sql {
  const values = pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]))
  return weave((gaps[values.length] ??= Array.from({ length: values.length + 1 }, () => '')), values)
}

/** Nothing but so many gaps. */
const gaps: string[][] = []

/** What a text becomes with pieces of these texts, or values, in its gaps: the next gap is looked up in it. */
type Woven = { strings?: readonly string[]; withPiece: WeakMap<readonly string[], Woven>; withValue?: Woven }

const wovenOf = new WeakMap<readonly string[], Woven>()

/** The same pieces are woven once, into strings that are the same each time: statements are long, and run often. */
function weave(strings: readonly string[], values: readonly unknown[]): Sql {
  let woven = within(wovenOf, strings)
  for (const value of values)
    woven = isSql(value) ? within(woven.withPiece, value.strings) : (woven.withValue ??= { withPiece: new WeakMap() })
  woven.strings ??= weaveStrings(strings, values)
  return { strings: woven.strings, values: values.flatMap((value) => (isSql(value) ? value.values : [value])) }
}

function within(known: WeakMap<readonly string[], Woven>, strings: readonly string[]): Woven {
  let woven = known.get(strings)
  if (!woven) known.set(strings, (woven = { withPiece: new WeakMap() }))
  return woven
}

function weaveStrings(strings: readonly string[], values: readonly unknown[]): string[] {
  const woven: string[] = []
  let text = strings[0]!
  for (const [index, value] of values.entries()) {
    const [first, ...others] = isSql(value) ? value.strings : ['', '']
    text += first
    for (const other of others) {
      woven.push(text)
      text = other
    }
    text += strings[index + 1]!
  }
  woven.push(text)
  return woven
}

/** Text that is SQL itself. Only for text written in this repository: migrations, names of partitions. */
export function raw(text: string): Sql {
  return { strings: [text], values: [] }
}

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

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value
}
