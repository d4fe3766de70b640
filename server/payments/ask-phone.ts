import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import type { Language } from '../languages.ts'
import type { Payment } from './payment.ts'
import { requestPayment } from './request.ts'

/**
 * Gives a payment that waits at its checkout the phone that will pay, and asks that phone. Of any number of callers the first
 * alone does so: a payment sends one prompt in its life. The phone is committed before the provider is called. The language of
 * the page is the payer's, where no other was known.
 */
export async function askPhone(
  context: Context,
  { merchant_id, id }: Payment,
  { phone, language }: { phone: string; language: Language },
): Promise<void> {
  const now = context.clock.now()
  const asked = await context.database.maybe<Payment>(sql`
    update payments set phone = ${phone}, payer_language = coalesce(payer_language, ${language}), requested_at = ${now}, check_at = ${outcomeDueAt(now)}, updated_at = ${now}
    where merchant_id = ${merchant_id} and id = ${id} and requested_at is null and status = 'created'
    returning *`)
  if (asked) await requestPayment(context, await accountOf(context, asked), asked)
}
