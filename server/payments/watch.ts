import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import type { Payment } from './payment.ts'

const firstMs = 20_000
const gapMsMin = 10_000
const gapMsMax = 60_000

/**
 * Makes a payment whose payer waits at its page due for a check sooner than it would be: most callbacks come within seconds, and
 * one that has not is perhaps lost. Safe to call as often as somebody looks: there are ten seconds between two checks at least.
 */
export async function watchPayment(context: Context, payment: Payment): Promise<void> {
  const now = context.clock.now()
  const at = watchedCheckAt(payment)
  if (!at || at > now || !payment.check_at || payment.check_at <= now) return
  await context.database.query(sql`
    update payments set check_at = ${now} where merchant_id = ${payment.merchant_id} and id = ${payment.id}
      and status in ('created', 'pending') and check_at > ${now}
      and (checked_at is null or checked_at <= ${later(now, -gapMsMin)}) -- Asked again: another node may have been faster.`)
  context.signals.wake('checks')
}

/** When a payment that is watched may be asked about next: after 20 seconds, and then at gaps of half the time gone by. */
function watchedCheckAt({ requested_at, provider_ref, checked_at }: Payment): Date | undefined {
  if (!requested_at || !provider_ref) return undefined
  if (!checked_at) return later(requested_at, firstMs)
  const elapsedMs = checked_at.getTime() - requested_at.getTime()
  return later(checked_at, Math.min(gapMsMax, Math.max(gapMsMin, elapsedMs / 2)))
}
