import pg from 'pg'
import type { Client } from 'pg'

/** A table and the columns that are written into it: those that are made of others are made again. */
export type TableLayout = { table: string; columns: string[] }

/** How the tables are made: the migrations that made them, the tables, and their partitions. */
export type Layout = { migrations: string[]; tables: TableLayout[]; partitions: string[] }

/** The layout of a database, in an order that does not change. */
export async function layoutOf(client: Client): Promise<Layout> {
  const { rows: migrations } = await client.query<{ name: string }>('select name from migrations order by name')
  const { rows: tables } = await client.query<TableLayout>(`
    select t.relname as table, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and t.relname <> 'migrations'
    group by t.relname order by t.relname`)
  const { rows: partitions } = await client.query<{ name: string }>(`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relispartition and relkind = 'r' order by relname`)
  return { migrations: migrations.map(({ name }) => name), tables, partitions: partitions.map(({ name }) => name) }
}

/** A table and its columns as SQL names them. */
export function named({ table, columns }: TableLayout): { table: string; columns: string } {
  return { table: pg.escapeIdentifier(table), columns: columns.map((name) => pg.escapeIdentifier(name)).join(', ') }
}
