import { openDatabase } from '../server/database/open.ts'
import { raw, sql } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { createTestDatabase } from './database.ts'
import { unchecked } from './unchecked.ts'

/** A database of its own for one story. Given back, it serves the next one of this process: emptying it is ten times as fast as making another. */
export type LentDatabase = { database: Database; giveBack: () => Promise<void> }

type Kept = { database: Database; drop: () => Promise<void>; catalogue: string }

const kept: Kept[] = []
process.on('beforeExit', () => void Promise.allSettled(kept.splice(0).map(throwAway)))

/** Lends an empty, migrated database, until it is given back. */
export async function lendDatabase(): Promise<LentDatabase> {
  const own = kept.pop() ?? (await makeOne())
  const { database, end } = untilItEnds(own.database)
  return {
    database,
    async giveBack() {
      await end()
      // A story that changed the tables themselves, or made more partitions, leaves nothing that another could begin with.
      if ((await catalogueOf(own.database)) !== own.catalogue) return throwAway(own)
      await empty(own.database)
      kept.push(own)
    },
  }
}

async function makeOne(): Promise<Kept> {
  const { url, drop } = await createTestDatabase()
  const database = await openDatabase(url, { mayEnd: true })
  return { database, drop, catalogue: await catalogueOf(database) }
}

async function throwAway({ database, drop }: Kept): Promise<void> {
  await database.end()
  await drop()
}

/** The database as one story sees it: when that ends, what is still under way comes to its end, and nothing more begins. */
function untilItEnds(database: Database): { database: Database; end: () => Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  let ended = false
  async function watch<Result>(begin: () => Promise<Result>): Promise<Result> {
    if (ended) throw new Error('This story has ended, and its database with it.')
    const asked = begin()
    underWay.add(asked)
    return asked.finally(() => underWay.delete(asked))
  }
  async function end(): Promise<void> {
    ended = true
    await Promise.allSettled(underWay)
  }
  return {
    database: {
      query: (piece) => watch(() => database.query(piece)),
      one: (piece) => watch(() => database.one(piece)),
      maybe: (piece) => watch(() => database.maybe(piece)),
      transaction: (work) => watch(() => database.transaction(work)),
      eachPart: (work) => watch(() => database.eachPart(work)),
      load: database.load,
      end,
    },
    end,
  }
}

/** Changes with every change of a table, an index, a trigger, a constraint or a function. */
async function catalogueOf(database: Database): Promise<string> {
  const { catalogue } = await database.one<{ catalogue: string }>(sql`
    select concat_ws(' ', classes, triggers, constraints, functions) as catalogue from
      (select concat(count(*), '/', max(xmin::text::bigint)) as classes from pg_class where relpersistence = 'p') c,
      (select concat(count(*), '/', max(xmin::text::bigint)) as triggers from pg_trigger) t,
      (select concat(count(*), '/', max(xmin::text::bigint)) as constraints from pg_constraint) k,
      (select concat(count(*), '/', max(xmin::text::bigint)) as functions from pg_proc) f`)
  return catalogue
}

let tables: string[] | undefined

// Foreign keys would ask for an order, and look at every row: all rows go together.
async function empty(database: Database): Promise<void> {
  const deletes = (tables ??= await tablesOf(database)).map((table) => `delete from ${table};`)
  await database.transaction(async (transaction) => {
    await transaction.query(unchecked)
    await transaction.query(raw(deletes.join(' ')))
  })
}

async function tablesOf(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: string }>(sql`
    select quote_ident(relname) as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migrations'`)
  return rows.map(({ name }) => name)
}
