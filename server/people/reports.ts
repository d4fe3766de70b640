import type { Role } from '../access/role.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'

/** Which reports a member wants by mail. */
export type Reports = { daily_summary: boolean; monthly_statement: boolean }

/** Whether somebody of this role may have reports: whoever answers for the money. */
export function mayHaveReports(role: Role): boolean {
  return role === 'owner' || role === 'finance'
}

type Named = { merchant_id: string; user_id: string }

/** What a member wants. */
export async function reportsOf({ database }: Context, { merchant_id, user_id }: Named): Promise<Reports> {
  return database.one<Reports>(sql`
    select summary_at is not null as daily_summary, statement_at is not null as monthly_statement
    from memberships where merchant_id = ${merchant_id} and user_id = ${user_id}`)
}

/** Keeps what a member wants, from the given moments on: what they had already keeps its own. */
export async function wantReports(
  { database }: Context,
  { merchant_id, user_id, wanted, first }: Named & { wanted: Reports; first: { summary_at: Date; statement_at: Date } },
): Promise<void> {
  await database.query(sql`
    update memberships set
      summary_at = case when ${wanted.daily_summary} then coalesce(summary_at, ${first.summary_at}) end,
      statement_at = case when ${wanted.monthly_statement} then coalesce(statement_at, ${first.statement_at}) end
    where merchant_id = ${merchant_id} and user_id = ${user_id}`)
}
