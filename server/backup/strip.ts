import type { Client } from 'pg'

/**
 * Takes foreign keys, keys and indexes away while rows come in any order, and answers how each is put back, in its order: a foreign
 * key looks at every row once, and an index is sorted once, where both would else be kept up row by row.
 */
export async function stripTables(client: Client): Promise<string[]> {
  const foreignKeys = await takeAway(
    client,
    `
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
    from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace order by oid`,
  )
  const indexes = await takeAway(
    client,
    `
    select case when k.oid is null then format('drop index %s', i.indexrelid::regclass)
        else format('alter table %s drop constraint %I', i.indrelid::regclass, k.conname) end as drop,
      case when k.oid is null then replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
        else format('alter table %s add constraint %I %s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end as make
    from pg_index i join pg_class c on c.oid = i.indexrelid
    left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
    where c.relnamespace = 'public'::regnamespace and not c.relispartition order by k.oid is null, i.indexrelid`,
  )
  return ["set local maintenance_work_mem = '256MB'", ...indexes, ...foreignKeys]
}

async function takeAway(client: Client, those: string): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(those)
  for (const { drop } of rows) await client.query(drop)
  return rows.map(({ make }) => make)
}
