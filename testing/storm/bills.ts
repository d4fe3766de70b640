import { sql } from '../../server/database/sql.ts'
import { showId } from '../../server/id.ts'
import { pick } from './chance.ts'
import { ask, newKey } from './people.ts'
import type { Order } from './people.ts'
import type { Stage } from './stage.ts'

/** The shop bills somebody. Some bills look like another's. */
export function bill(stage: Stage, orders: Order[]): void {
  const { random } = stage
  const lines = [{ description: 'Unga', quantity: 1 + random.integer(3), unit_amount: 100 + random.integer(400) }]
  const number = random.integer(40)
  const reference = random.fraction() < 0.5 ? `BILL-${number}` : `BILL${number}`
  ask(stage, orders, { key: newKey(), path: '/v1/invoices', body: { lines, reference, instalments: true } })
}

/** A phone is asked for an instalment of a bill, or for all that is left. */
export async function settleBill(stage: Stage, orders: Order[], phone: string): Promise<void> {
  const { random } = stage
  const owing = await stage.database.query<{ id: string; due: number }>(sql`
    select id, (total_cents - paid_cents) / 100 as due from invoices where status in ('open', 'part_paid') order by id desc limit 20`)
  if (owing.length === 0) return
  const { id, due } = pick(random, owing)
  const amount = random.fraction() < 0.4 ? undefined : 1 + random.integer(due)
  ask(stage, orders, { key: newKey(), path: `/v1/invoices/${showId('inv', id)}/settle`, body: { phone, amount } })
}

/** Somebody pays a bill at the paybill, in whole or not, sometimes too much, and types its reference in their own way. */
export async function payBillByHand(
  { random, simulator, merchant, database, launch }: Stage,
  payer: string,
): Promise<void> {
  const bills = await database.query<{ reference: string; due: number }>(sql`
    select reference, (total_cents - paid_cents) / 100 as due from invoices order by id desc limit 20`)
  if (bills.length === 0) return
  const { reference, due } = pick(random, bills)
  const typed = pick(random, [reference, reference, reference.toLowerCase(), reference.replace('-', ' ')])
  const amount = random.fraction() < 0.5 && due > 0 ? due : 1 + random.integer(700)
  launch(simulator.phones.get(payer).pay({ shortcode: merchant.shortcode, amount, reference: typed }))
}
