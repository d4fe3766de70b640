import { sql } from './sql.ts'
import type { Database } from './sql.ts'

/** Writes all tables of a database on one page: columns, constraints and indexes, in an order that only a migration changes. */
export async function describeSchema(database: Database): Promise<string> {
  const tables = await database.query<{ text: string }>(sql`
    select format(E'create table %s (\n%s\n)%s;\n%s', t.relname, concat_ws(E',\n', columns.lines, constraints.lines),
      coalesce(' partition by ' || pg_get_partkeydef(t.oid), ''), coalesce(indexes.lines || E'\n', '')) as text
    from pg_class t
    cross join lateral (
      select string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
          else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end,
        case when a.attnotnull then ' not null' else '' end), E',\n' order by a.attnum) as lines
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    ) columns
    cross join lateral (
      select string_agg('  ' || pg_get_constraintdef(c.oid), E',\n' order by c.contype desc, c.conname) as lines
      from pg_constraint c where c.conrelid = t.oid and c.contype in ('p', 'u', 'f', 'c')
    ) constraints
    cross join lateral (
      select string_agg(pg_get_indexdef(x.indexrelid) || ';', E'\n' order by x.indexrelid::regclass::text) as lines
      from pg_index x where x.indrelid = t.oid and not exists (select from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u'))
    ) indexes
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and t.relname <> 'migrations'
    order by t.relname`)
  return `-- All tables, written from the catalogue by a test. The migrations beside this file make them.\n\n${tables.map(({ text }) => text).join('\n')}`
}
