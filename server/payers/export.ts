import type { Context } from '../context.ts'
import { raw, sql } from '../database/sql.ts'
import { hideSecrets } from '../hide-secrets.ts'
import { presentInvoice } from '../invoices/invoice.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { presentMoney } from '../money-in/money-in.ts'
import type { MoneyIn } from '../money-in/money-in.ts'
import { presentOutsidePayment } from '../outside/outside-payment.ts'
import type { OutsidePayment } from '../outside/outside-payment.ts'
import { presentPayment } from '../payments/payment.ts'
import type { Payment } from '../payments/payment.ts'
import { presentPayout } from '../payouts/payout.ts'
import type { Payout } from '../payouts/payout.ts'
import { presentRefund } from '../refunds/refund.ts'
import type { Refund } from '../refunds/refund.ts'
import { belongingsOf } from './belongings.ts'
import type { Payer } from './belongings.ts'
import { lettersTo } from './letters.ts'

/**
 * All that a business holds of one payer, as the API shows it, with the letters that they were sent and what providers said of
 * them, word for word but for secrets of ours.
 */
export async function exportPayer(context: Context, payer: Payer) {
  const { database, clock } = context
  const of = await belongingsOf(database, payer)
  const rows = <Row>(table: keyof typeof of) =>
    database.query<Row>(sql`
      select * from ${raw(table)} where merchant_id = ${payer.merchant_id} and id = any (${of[table]}::uuid[]) order by id`)
  const letters = await lettersTo(database, payer, of)
  const heard = await rows<{ received_at: Date; body: Buffer }>('callbacks')
  return {
    phone: payer.phone,
    exported_at: clock.now().toISOString(),
    payments: (await rows<Payment>('payments')).map((payment) => ({
      ...presentPayment(context.config, payment),
      id_number: payment.payer_id_number,
    })),
    money_in: (await rows<MoneyIn>('money_in')).map(presentMoney),
    refunds: (await rows<Refund>('refunds')).map(presentRefund),
    payouts: (await rows<Payout>('payouts')).map(presentPayout),
    invoices: (await rows<Invoice>('invoices')).map((invoice) => presentInvoice(context, invoice)),
    outside_payments: (await rows<OutsidePayment>('outside_payments')).map(presentOutsidePayment),
    letters,
    said_by_providers: heard.map(({ received_at, body }) => ({
      at: received_at.toISOString(),
      body: hideSecrets(body.toString('utf8')),
    })),
  }
}
