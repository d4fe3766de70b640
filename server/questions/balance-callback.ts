import { accepted, callbackOf } from '../callbacks/act.ts'
import type { Reply, TrustedArrival } from '../callbacks/act.ts'
import { callbackRows, storeCallbacks } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Balance } from '../providers/provider.ts'

/** Keeps the balance that M-Pesa posted for the account that the token names, unless a younger one is there. */
export async function actOnBalance(context: Context, arrival: TrustedArrival): Promise<Reply | undefined> {
  const { readBalance, isTimeout } = context.providers.mpesa!
  const read = readBalance!(arrival.json)
  if (!read) return undefined
  if (arrival.doubt === 'forged') {
    await storeCallbacks(context, [{ ...callbackOf(arrival), problem: 'Its signature is wrong.' }])
    return accepted
  }
  const saysNothing = arrival.channel === 'timeout' || isTimeout!(arrival.json)
  const answer = saysNothing ? { problem: 'M-Pesa was too busy to answer. Ask again.' } : read
  const bodies = callbackRows([callbackOf(arrival)])
  const kept = 'problem' in answer ? keepProblem(arrival, answer.problem) : keepBalance(arrival, answer)
  await again(context, () => context.database.query(sql`with bodies as (${bodies}) ${kept}`))
  return accepted
}

function keepBalance(
  { merchant_id, subject_id, at }: TrustedArrival,
  { balances, at: drawnUpAt = at }: { balances: Balance[]; at?: Date },
): Sql {
  return sql`
    update provider_accounts set balance = ${JSON.stringify(balances)}, balance_at = ${drawnUpAt}, balance_problem = null
    where merchant_id = ${merchant_id} and id = ${subject_id} and (balance_at is null or balance_at <= ${drawnUpAt})`
}

function keepProblem({ merchant_id, subject_id }: TrustedArrival, problem: string): Sql {
  return sql`update provider_accounts set balance_problem = ${problem} where merchant_id = ${merchant_id} and id = ${subject_id}`
}
