import { keyId, reseal } from '../secret.ts'
import type { Purpose, SecretKeys } from '../secret.ts'
import { join, raw, sql } from './sql.ts'
import type { Database, Sql } from './sql.ts'

/** A table in which secrets stand, sealed, for as long as the rows do. */
export type SealedTable = {
  table: string
  /** How it is written: the room that does so says it. */
  update: Sql
  /** The columns by which a row is found. */
  key: readonly string[]
  columns: readonly string[]
  purpose: Purpose
  /** What the secret of one column of one row is bound to. */
  boundTo(row: Row, column: string): string
}

type Row = Record<string, string>
type Sealed = Record<string, Buffer | null>

/** True in SQL of a row in which another key than the present one sealed something. The name of its key stands first in each. */
export function isOfAnotherKey({ current }: SecretKeys, { columns }: SealedTable): Sql {
  const name = Buffer.from(keyId(current), 'hex')
  return join(
    columns.map((column) => sql`coalesce(substr(${raw(column)}, 1, 4) <> ${name}::bytea, false)`),
    sql` or `,
  )
}

/**
 * Seals some rows anew with the present key, where another one sealed them. Answers how many it looked at: none means that there
 * are none left. What is changed at the same moment is left to the next turn.
 */
export async function resealRows(database: Database, keys: SecretKeys, sealed: SealedTable): Promise<number> {
  const { table, update, key, columns, purpose, boundTo } = sealed
  const names = (of: readonly string[]) => raw(of.join(', '))
  const rows = await database.query<Row & Sealed>(sql`
    select ${names([...key, ...columns])} from ${raw(table)} where ${isOfAnotherKey(keys, sealed)} order by ${names(key)} limit 100`)
  for (const row of rows) {
    const anew = columns.map((column) => {
      const text: Buffer | null = reseal(keys, purpose, boundTo(row, column), row[column] as Buffer | null)
      return sql`${raw(column)} = ${text}`
    })
    const asItWas = [
      ...key.map((column) => sql`${raw(column)} = ${row[column]}`),
      ...columns.map((column) => sql`${raw(column)} is not distinct from ${row[column]}::bytea`),
    ]
    await database.query(sql`${update} ${join(anew, sql`, `)} where ${join(asItWas, sql` and `)}`)
  }
  return rows.length
}
