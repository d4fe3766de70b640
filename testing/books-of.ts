import { sql } from '../server/database/sql.ts'
import type { Story } from './story.ts'

/** The shillings that came from customers and did not go back: by Lango's books, and by the simulator's ledger. */
export async function booksOf({ context, simulator }: Story): Promise<{ lango: number; ledger: number }> {
  const { cents } = await context.database.one<{ cents: number }>(
    sql`select coalesce(sum(amount_cents - reversed_cents), 0)::bigint as cents from money_in`,
  )
  const signed = simulator.ledger.entries.map(({ kind, amount }) => (kind === 'reversal' ? -amount : amount))
  return { lango: cents / 100, ledger: signed.reduce((sum, amount) => sum + amount, 0) }
}
