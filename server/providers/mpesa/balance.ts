import { accountBalance, describeBusinessResult, parseAccountBalanceResult } from '@lango/daraja'
import type { Context } from '../../context.ts'
import type { Account } from '../../accounts/account.ts'
import type { BalanceAnswer } from '../balance.ts'
import type { Acknowledged, Refused, Unknown } from '../outcome.ts'
import type { Posted } from '../posted.ts'
import { darajaOf } from './daraja.ts'
import { asAcknowledged, operatorPart } from './operator.ts'

/** Asks what the accounts of the short code hold. */
export async function askBalance(context: Context, account: Account): Promise<Acknowledged | Refused | Unknown> {
  const outcome = await accountBalance(darajaOf(context, account), {
    ...operatorPart(context, account, { kind: 'balance', merchant_id: account.merchant_id, subject_id: account.id }),
    shortcode: account.shortcode,
  })
  return asAcknowledged(outcome)
}

/** Reads the result: the balances, or in a sentence why there are none. */
export function readBalance({ json }: Posted): BalanceAnswer | undefined {
  const read = parseAccountBalanceResult(json)
  if (!read) return undefined
  const { result, accounts, completedAt } = read
  if (result.resultCode !== '0')
    return { problem: describeBusinessResult('balance', result.resultCode)?.meaning ?? result.resultDescription }
  if (!accounts) return { problem: 'M-Pesa answered, but not with a balance that can be read.' }
  return {
    balances: accounts.map(({ name, currency, current, available, reserved, uncleared }) => ({
      name,
      currency,
      current: current.toFixed(2),
      available: available.toFixed(2),
      reserved: reserved.toFixed(2),
      uncleared: uncleared.toFixed(2),
    })),
    at: completedAt,
  }
}
