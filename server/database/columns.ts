import { known } from '../known.ts'
import { arrayElement } from './array-text.ts'
import type { Scalar } from './array-text.ts'
import { join, raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

type TypeOf<Value> = Value extends string
  ? 'uuid' | 'text' | 'jsonb' | 'date'
  : Value extends number
    ? 'int' | 'bigint'
    : Value extends boolean
      ? 'boolean'
      : Value extends Date
        ? 'timestamptz'
        : 'bytea'

/** The type of every column of a row, by its name. What is no value of a column, an object for example, is not asked for. */
export type Types<Row> = {
  [Name in keyof Row as NonNullable<Row[Name]> extends Scalar ? Name : never]-?: TypeOf<NonNullable<Row[Name]>>
}

/** Whoever forgets to say whose columns they are is told so. */
type Unnamed = { 'of which row': never }

const comma = raw(', ')

/** Many rows as a table named `as`, each of its columns bound to name and type on one line: `` sql`select * from ${rows(…)}` ``. */
export function rows<Row extends object>(items: Row[], as: string, types: Types<NoInfer<Row>>): Sql {
  const columns = Object.keys(types) as (keyof Row & string)[]
  const shape = `${Object.values<string>(types).join()} ${as} ${columns.join()}`
  const strings = known(shapes, shape, () => stringsOf(Object.values(types), as, columns))
  return { strings, values: columns.map((name, index) => columnOf(items, name, { isFirst: index === 0 })) }
}

// What is written down in the code is woven once: see `sql`.
const shapes = new Map<string, string[]>()
const lists = new Map<string, Sql>()

function stringsOf(types: string[], as: string, columns: string[]): string[] {
  const casts = types.map((type) => `::${type}[]`)
  return [
    'unnest(',
    ...casts.slice(0, -1).map((cast) => `${cast}, `),
    `${casts.at(-1)}) as ${as} (${columns.join(', ')})`,
  ]
}

/** A column of rows on its way to the database, which reads it as an array. It is written down when it is sent. */
export type Column = {
  /** What stands in it, row by row. */
  values(): unknown[]
  /** The same column of those of the rows that are kept. */
  only(isKept: (row: number) => boolean): Column
  toPostgres(): string
}

/** True for a column that `rows` made. */
export function isColumn(value: unknown): value is Column {
  return typeof (value as Column | null)?.only === 'function'
}

function columnOf<Row>(items: Row[], name: keyof Row, place: { isFirst: boolean }): Column {
  return {
    values: () => items.map((item) => item[name]),
    only: (isKept) =>
      columnOf(
        items.filter((_, row) => isKept(row)),
        name,
        place,
      ),
    toPostgres: () => arrayOf(items, name, place),
  }
}

/**
 * A column as PostgreSQL reads an array. One in which nothing stands is sent empty, for `unnest` fills up what is shorter: most
 * columns of most facts hold nothing. The first goes whole, and says how many rows there are.
 */
function arrayOf<Row>(items: Row[], name: keyof Row, { isFirst }: { isFirst: boolean }): string {
  let elements = ''
  let isEmpty = !isFirst
  let last: Scalar | undefined
  let element = 'NULL'
  for (const item of items) {
    const value = (item[name] ?? undefined) as Scalar | undefined
    // Many say the same, one after the other.
    if (value !== last) {
      element = arrayElement(value)
      last = value
      isEmpty = false
    }
    elements += elements && ','
    elements += element
  }
  return isEmpty ? '{}' : `{${elements}}`
}

/** The many rows of an insert: `` sql`insert into callbacks ${values(…)}` ``. */
export function values<Row extends object>(items: Row[], types: Types<NoInfer<Row>>): Sql {
  return sql`${names(types)} select * from ${rows(items, 'v', types)}`
}

/**
 * The columns of an insert, each with the value or the piece of SQL that it becomes:
 * `` sql`insert into events ${columns<Event>({ … })} from told` ``.
 */
export function columns<Row = Unnamed>(become: { [Name in keyof NoInfer<Row>]: unknown }): Sql {
  const named = merchantFirst(become)
  return sql`${names(named)} select ${list(named)}`
}

/** The one row of an insert, each of its columns with its value: `` sql`insert into audit_log ${oneRow<AuditRow>({ … })}` ``. */
export function oneRow<Row = Unnamed>(become: { [Name in keyof NoInfer<Row>]: unknown }): Sql {
  const named = merchantFirst(become)
  return sql`${names(named)} values (${list(named)})`
}

/**
 * The columns of an update, each with what it becomes: `` sql`update payments p ${set<Payment>({ … }, from)}` ``. `from` is asked
 * once for each row that is updated, and may speak of what that row held.
 */
export function set<Row = Unnamed>(become: { [Name in keyof NoInfer<Row>]?: Sql }, from: Sql): Sql {
  return sql`set ${names(become)} = (select ${list(become)} ${from})`
}

/** A list inside a row, as text: PostgreSQL would take a list of lists apart. Cast it back where it is used. */
export function listText(ids: string[]): string {
  return `{${ids.join()}}`
}

/** Whoever reads it sees at its begin whose it is. */
function merchantFirst(become: object): object {
  return 'merchant_id' in become ? Object.assign({ merchant_id: become.merchant_id }, become) : become
}

function names(become: object): Sql {
  const text = `(${Object.keys(become).join(', ')})`
  return known(lists, text, () => raw(text))
}

function list(become: object): Sql {
  const pieces = Object.values(become).map((value) => sql`${value}`)
  return join(pieces, comma)
}
