import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Environment, ProviderName } from '../providers/names.ts'
import type { Refund } from './refund.ts'
import { settleRefund } from './settle.ts'

/** Money that has found its payment. */
export type Found = {
  merchant_id: string
  provider: ProviderName
  environment: Environment
  receipt: string
  payment_id: string
}

/**
 * Tells the payment of money what had gone back of that money before: no more than what is left can be given back again. Safe to
 * repeat.
 */
export async function linkReversals(context: Context, found: Found[]): Promise<void> {
  for (const { payment_id, ...money } of found)
    for (const { id: refund_id, merchant_id, amount_cents, provider_receipt } of await findUnlinked(context, money)) {
      const at = context.clock.now()
      await settleRefund(context, {
        id: newId(at),
        merchant_id,
        refund_id,
        payment_id,
        source: 'operator',
        at,
        verdict: 'success',
        amount_cents,
        receipt: provider_receipt ?? undefined,
        message: 'The money that went back has found its payment.',
      })
    }
}

function findUnlinked(
  { database }: Context,
  { merchant_id, provider, environment, receipt }: Omit<Found, 'payment_id'>,
): Promise<Refund[]> {
  return database.query<Refund>(sql`
    select r.* from refunds r
    where r.merchant_id = ${merchant_id} and r.payment_receipt = ${receipt} and r.provider = ${provider}
      and r.environment = ${environment} and r.status = 'completed' and r.payment_id is null order by r.id`)
}
