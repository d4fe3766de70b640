import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { firstCheckMs } from '../evidence/intervals.ts'
import { providerOf } from '../providers/provider-of.ts'
import type { Payment } from './payment.ts'

type Asked = Pick<Payment, 'provider' | 'requested_at' | 'created_at'>

/** The end of the provider's window, after which a payment without a verdict fails. */
export function windowEnd(context: Context, payment: Asked): Date {
  return later(payment.requested_at ?? payment.created_at, providerOf(context, payment).payments.window.ms)
}

/** The next check: each gap is half of the time gone by, so that 48 hours take some twenty checks. */
export function nextCheckAt(context: Context, payment: Asked, now: Date): Date {
  const elapsedMs = now.getTime() - (payment.requested_at ?? payment.created_at).getTime()
  const next = later(now, Math.max(firstCheckMs, elapsedMs / 2))
  const end = windowEnd(context, payment)
  return next < end ? next : end
}
