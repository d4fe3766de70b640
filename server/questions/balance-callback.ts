import type { Arrival } from '../callbacks/arrival.ts'
import type { Reply } from '../callbacks/reply.ts'
import { callbackRows, storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Balance } from '../providers/balance.ts'
import { providerOf } from '../providers/provider-of.ts'

/** Keeps the balance that M-Pesa posted for the account that the token names, unless a younger one is there. */
export async function actOnBalance(context: Context, arrival: Arrival): Promise<Reply | undefined> {
  const { balances, callbacks } = providerOf(context, arrival)
  const read = balances?.read(arrival)
  if (!read) return undefined
  if (arrival.doubt === 'forged') {
    await storeCallbacks(context, [{ ...arrival, problem: 'Its signature is wrong.' }])
    return 'accepted'
  }
  const saysNothing = arrival.channel === 'timeout' || callbacks.isTimeout(arrival)
  const answer = saysNothing ? { problem: 'M-Pesa was too busy to answer. Ask again.' } : read
  const bodies = callbackRows([arrival])
  const kept = 'problem' in answer ? keepProblem(arrival, answer.problem) : keepBalance(arrival, answer)
  await again(context, () => context.database.query(sql`with bodies as (${bodies}) ${kept}`))
  return 'accepted'
}

function keepBalance(
  { merchant_id, subject_id, received_at: at }: Arrival,
  { balances, at: drawnUpAt = at }: { balances: Balance[]; at?: Date },
): Sql {
  return sql`
    update provider_accounts set balance = ${JSON.stringify(balances)}, balance_at = ${drawnUpAt}, balance_problem = null
    where merchant_id = ${merchant_id} and id = ${subject_id} and (balance_at is null or balance_at <= ${drawnUpAt})`
}

function keepProblem({ merchant_id, subject_id }: Arrival, problem: string): Sql {
  return sql`update provider_accounts set balance_problem = ${problem} where merchant_id = ${merchant_id} and id = ${subject_id}`
}
