import type { PoolLoad } from './queue-watch.ts'

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

function isSql(value: unknown): value is Sql {
  return typeof value === 'object' && value !== null && 'strings' in value && 'values' in value
}
