import type { Mode } from '../access/key.ts'
import { grants } from '../access/scope.ts'
import type { Scope } from '../access/scope.ts'
import type { EnvironmentFilter } from '../api/list-rows.ts'
import type { Context } from '../context.ts'
import { join, sql } from '../database/sql.ts'
import { waiting } from './list.ts'
import { sources } from './source.ts'

/** As far as anybody counts: beyond it there is only much. */
const countMax = 100

/** How many things need a person, of those that the scopes may read; a hundred at most. */
export async function countAttention(
  context: Context,
  caller: { merchant_id: string; mode: Mode; scopes: Scope[] } & EnvironmentFilter,
): Promise<number> {
  const asked = sources.filter(({ read }) => grants(caller.scopes, read))
  if (asked.length === 0) return 0
  const each = asked.map((source) => sql`(select 1 from (${waiting(source, caller)}) w limit ${countMax})`)
  const { count } = await context.database.one<{ count: number }>(sql`
    select least(count(*), ${countMax})::int as count from (${join(each, sql` union all `)}) all_of_them`)
  return count
}
