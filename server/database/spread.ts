import { raw, sql } from './sql.ts'
import type { Queryable, Sql, Transaction } from './sql.ts'

/**
 * The tables of the installation, small and known whole to every machine: reference tables on Citus. All others hold the data of
 * merchants, and are distributed by `merchant_id`.
 */
export const installationTables = [
  'api_keys',
  'examined',
  'invitations',
  'memberships',
  'merchant_logos',
  'merchants',
  'provider_accounts',
  'sent_forms',
  'sessions',
  'settings',
  'sign_in_attempts',
  'strays',
  'users',
] as const

/** What only the coordinator has: it alone brings the schema up to date. */
const ofCoordinator = 'migrations'

/** Whether this database is one of a Citus. */
export async function hasCitus(database: Queryable): Promise<boolean> {
  return (await database.maybe(sql`select 1 from pg_extension where extname = 'citus'`)) !== undefined
}

/** True when the tables of this database are spread over the machines of a Citus. */
export async function isDistributed(database: Queryable): Promise<boolean> {
  if (!(await hasCitus(database))) return false
  const table = await database.maybe(
    sql`select 1 from pg_dist_partition where logicalrelid = to_regclass('public.payments') and partmethod = 'h'`,
  )
  return table !== undefined
}

/** Lets a transaction ask the parts on a machine in turn, by one connection: what one statement made, the next must see. */
export async function inTurn(transaction: Transaction): Promise<void> {
  await transaction.query(sql`set local citus.multi_shard_modify_mode to 'sequential'`)
}

/** Spreads what is not spread yet. */
export async function spread(transaction: Transaction): Promise<string[]> {
  await inTurn(transaction)
  const tables = await tablesOfCoordinator(transaction)
  const keys = await foreignKeysOf(transaction, tables)
  // A foreign key holds only between tables that are both spread, so it is taken off meanwhile.
  for (const { table, name } of keys) await transaction.query(raw(`alter table ${table} drop constraint ${name}`))
  for (const table of tables) await transaction.query(spreading(table))
  for (const { table, name, definition } of keys)
    await transaction.query(raw(`alter table ${table} add constraint ${name} ${definition}`))
  return tables
}

/** The tables that stand on the coordinator alone, payments before all: the others are put where those of their merchant are. */
async function tablesOfCoordinator(transaction: Transaction): Promise<string[]> {
  const tables = await transaction.query<{ name: string }>(sql`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> ${ofCoordinator} and c.oid not in (select logicalrelid from pg_dist_partition where partmethod = 'h' or repmodel = 't')
      and not exists (select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')
    order by c.relname <> 'payments', c.relname`)
  return tables.map(({ name }) => name)
}

type ForeignKey = { table: string; name: string; definition: string }

/** The foreign keys from these tables and to them. */
function foreignKeysOf(transaction: Transaction, tables: string[]): Promise<ForeignKey[]> {
  return transaction.query<ForeignKey>(sql`
    select c.conrelid::regclass::text as table, quote_ident(c.conname) as name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
    where c.contype = 'f' and c.conparentid = 0 and f.relnamespace = 'public'::regnamespace
      and (f.relname = any (${tables}) or t.relname = any (${tables}))
    order by 1, 2`)
}

function spreading(table: string): Sql {
  if ((installationTables as readonly string[]).includes(table)) return sql`select create_reference_table(${table})`
  const beside = table === 'payments' ? 'default' : 'payments'
  return sql`select create_distributed_table(${table}, 'merchant_id', colocate_with => ${beside})`
}
