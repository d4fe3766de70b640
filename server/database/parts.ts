import { connect } from './connect.ts'
import { raw, sql } from './sql.ts'
import type { Queryable, Transaction } from './sql.ts'

/**
 * One of the equal parts into which Citus deals the data of all merchants. It stands whole on one machine, where each of its tables
 * has a name with a number. In the schema `schema` they are seen by their own names.
 */
export type Part = { number: number; host: string; port: number; schema: string }

/** Where the data of all merchants stands. */
export type Parts = { parts: Part[]; tables: Set<string> }

/** Reads from the coordinator where everything stands now. */
export async function readParts(coordinator: Queryable): Promise<Parts> {
  const { version } = await coordinator.one<{ version: string }>(
    sql`select substr(max(name), 1, 4) as version from migrations`,
  )
  const parts = await coordinator.query<Omit<Part, 'schema'>>(sql`
    select row_number() over (order by s.shardminvalue::int)::int as number, n.nodename as host, n.nodeport as port
    from pg_dist_shard s join pg_dist_placement p using (shardid) join pg_dist_node n using (groupid)
    where s.logicalrelid = 'payments'::regclass and n.noderole = 'primary'
    order by 1`)
  const tables = await coordinator.query<{ name: string }>(sql`
    select c.relname as name from pg_dist_partition d join pg_class c on c.oid = d.logicalrelid
    where d.partmethod = 'h' and not c.relispartition`)
  return {
    parts: parts.map((part) => ({ ...part, schema: `lango_${version}_${part.number}` })),
    tables: new Set(tables.map(({ name }) => name)),
  }
}

/** Which part holds what this merchant has. */
export async function partOf(coordinator: Queryable, { parts }: Parts, merchant_id: string): Promise<Part> {
  const { number } = await coordinator.one<{ number: number }>(sql`
    select count(*)::int as number from pg_dist_shard s
    where s.logicalrelid = 'payments'::regclass and s.shardminvalue::int <= (select shardminvalue::int from pg_dist_shard
      where shardid = get_shard_id_for_distribution_column('payments', ${merchant_id}::uuid))`)
  return parts[number - 1]!
}

/**
 * Lets the tables of a part be seen under their own names, on the machine where it stands, as this version of the schema has them.
 * Safe to repeat, and to call from many nodes at once; those of the version before go on with theirs. The tables of the installation
 * are there to be read: they are written through the coordinator.
 */
export async function showPart(coordinator: Queryable, { number, schema }: Part, url: string): Promise<void> {
  const tables = await coordinator.query<{ name: string; shard: string; is_whole: boolean }>(sql`
    select name, shard, is_whole from (
      select c.relname as name, shard_name(c.oid, s.shardid) as shard, d.partmethod = 'n' as is_whole,
        row_number() over (partition by c.oid order by s.shardminvalue::int) as number
      from pg_dist_partition d join pg_class c on c.oid = d.logicalrelid join pg_dist_shard s on s.logicalrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and not c.relispartition and (d.partmethod = 'h' or d.repmodel = 't')) t
    where is_whole or number = ${number} order by name`)
  const machine = connect(url, { connections: 1 })
  try {
    await machine.transaction(async (transaction) => {
      await transaction.query(sql`select pg_advisory_xact_lock(${schemaTurn}::bigint)`)
      const seen = await transaction.query<{ name: string }>(
        sql`select viewname as name from pg_views where schemaname = ${schema}`,
      )
      const unseen = tables.filter(({ name }) => !seen.some((view) => view.name === name))
      if (unseen.length === 0) return
      await transaction.query(raw('set local citus.enable_ddl_propagation to off'))
      await transaction.query(raw(`create schema if not exists ${schema}; ${refusal(schema)}`))
      for (const { name, shard, is_whole } of unseen)
        await transaction.query(
          raw(
            `create view ${schema}.${name} as select * from public.${shard}; ${is_whole ? refusing(schema, name) : ''}`,
          ),
        )
      await forgetOlder(transaction, number)
    })
  } finally {
    await machine.end()
  }
}

/** Two versions run beside each other while nodes are restarted in turn. A node of one before them looks again. */
async function forgetOlder(transaction: Transaction, number: number): Promise<void> {
  const older = await transaction.query<{ name: string }>(sql`
    select nspname as name from pg_namespace where nspname ~ ${`^lango_\\d{4}_${number}$`} order by 1 desc offset 2`)
  for (const { name } of older) await transaction.query(raw(`drop schema ${name} cascade`))
}

const schemaTurn = 52_650

const refusal = (schema: string) => `
  create or replace function ${schema}.refuse() returns trigger language plpgsql as
    $$ begin raise exception '% is a table of the installation: it is written through the coordinator', tg_table_name; end $$`

const refusing = (schema: string, name: string) => `
  create trigger refuse instead of insert or update or delete on ${schema}.${name} for each row execute function ${schema}.refuse()`
