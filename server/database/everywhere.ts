import type { Database, Sql } from './sql.ts'

/** Runs a statement on each part of what merchants have, as is asked of sweeps that Citus would not plan for all parts at once. */
export async function everywhere<Row>(database: Database, query: Sql): Promise<Row[]> {
  return (await database.eachPart((part) => part.query<Row>(query))).flat()
}
