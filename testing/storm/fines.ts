import { showId } from '../../server/id.ts'
import { sql } from '../../server/database/sql.ts'
import type { Payment } from '../../server/payments/payment.ts'
import { pick } from './chance.ts'
import { ask } from './people.ts'
import type { Order } from './people.ts'
import type { Stage } from './stage.ts'

const ecitizen = '222222'

/** A driver is fined, and is to pay at eCitizen. */
export function fine(stage: Stage, orders: Order[], number: number): void {
  const customer = { name: `Driver ${number}`, id_number: String(10_000_000 + number) }
  const body = { provider: 'pesaflow', amount: 10 + stage.random.integer(990), customer }
  ask(stage, orders, { key: `fine-${number}`, path: '/v1/payments', body })
}

/** Somebody pays one of the bills at eCitizen's paybill: all that is left, a part, or more. */
export function payFine({ random, simulator, launch }: Stage, payer: string): void {
  const bills = simulator.pesaflow.bills()
  if (bills.length === 0) return
  const { invoice_number, net, commission, payments } = pick(random, bills)
  const left = net + commission - payments.reduce((sum, { amount }) => sum + amount, 0)
  if (left <= 0) return
  const chance = random.fraction()
  const amount = chance < 0.5 ? left : chance < 0.9 ? 1 + random.integer(left) : left + 1 + random.integer(50)
  launch(simulator.phones.get(payer).pay({ shortcode: ecitizen, amount, reference: invoice_number }))
}

type Money = { cents: number; named: string }

/**
 * Every shilling that came for a bill is in the books, once, under whatever name; the commission stands apart; and a payment is
 * completed when, and only when, its bill is paid whole.
 */
export async function compareFines({ database, simulator }: Stage): Promise<{ paid: number; problems: string[] }> {
  const payments = await database.query<Payment>(sql`select * from payments where provider = 'pesaflow' order by id`)
  const money = await database.query<Money>(sql`
    select amount_cents as cents, coalesce(payment_id, named_payment_id) as named from money_in where provider = 'pesaflow'`)
  const sums = Map.groupBy(money, ({ named }) => named)
  const bills = new Map(simulator.pesaflow.bills().map((each) => [each.invoice_number, each]))
  const problems: string[] = []
  for (const payment of payments) {
    const { id, status, provider_ref, commission_cents } = payment
    const own = bills.get(provider_ref ?? '')
    const name = `${showId('pay', id)} (${status}, ${provider_ref})`
    if (!own) {
      problems.push(`${name} was never brought to eCitizen`)
      continue
    }
    const paid = own.payments.reduce((sum, { amount }) => sum + amount * 100, 0)
    const counted = (sums.get(id) ?? []).reduce((sum, { cents }) => sum + cents, 0)
    if (counted !== paid) problems.push(`${name} was paid ${paid} cents, and ${counted} are in the books`)
    if (commission_cents !== own.commission * 100) problems.push(`${name} has a commission of ${commission_cents}`)
    const isWhole = paid >= (own.net + own.commission) * 100
    if (isWhole !== (status === 'completed')) problems.push(`${name} was paid ${paid} of ${own.net + own.commission}`)
  }
  const ledger = simulator.ledger.entries.filter(({ kind }) => kind === 'pesaflow')
  const [came, booked] = [
    ledger.reduce((sum, { amount }) => sum + amount * 100, 0),
    money.reduce((sum, { cents }) => sum + cents, 0),
  ]
  if (came !== booked) problems.push(`eCitizen moved ${came} cents, and ${booked} are in the books`)
  return { paid: payments.filter(({ status }) => status === 'completed').length, problems }
}
