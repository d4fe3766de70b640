import { sql } from '../../server/database/sql.ts'
import { showId } from '../../server/id.ts'
import type { Invoice } from '../../server/invoices/invoice.ts'
import type { OutsidePayment } from '../../server/outside/outside-payment.ts'
import { pick } from './chance.ts'
import { ask, newKey } from './people.ts'
import type { Order } from './people.ts'
import type { Stage } from './stage.ts'

/** A clerk says that a bill was paid in cash, whole or in part; two clerks may read the same slip. */
export async function payElsewhere(stage: Stage, orders: Order[]): Promise<void> {
  const { random } = stage
  const owing = await stage.database.query<{ id: string; due: number }>(sql`
    select id, (total_cents - paid_cents) / 100 as due from invoices where status in ('open', 'part_paid') order by id desc limit 20`)
  if (owing.length === 0) return
  const { id, due } = pick(random, owing)
  const amount = random.fraction() < 0.5 ? undefined : 1 + random.integer(due)
  const body = {
    method: 'cash',
    alternate_reference: `SLIP ${random.integer(200)}`,
    amount,
    notes: 'Paid at the counter.',
  }
  ask(stage, orders, { key: newKey(), path: `/v1/invoices/${showId('inv', id)}/outside-payments`, body })
}

/** Somebody else agrees to what was said, or does not, or takes back what was agreed; sometimes two do so at once. */
export async function decideElsewhere(stage: Stage, orders: Order[]): Promise<void> {
  const { random, merchant } = stage
  const said = await stage.database.query<Pick<OutsidePayment, 'id' | 'status'>>(sql`
    select id, status from outside_payments where status in ('awaiting_approval', 'approved') order by id desc limit 20`)
  if (said.length === 0) return
  const { id, status } = pick(random, said)
  const act = status === 'approved' ? 'withdraw' : random.fraction() < 0.8 ? 'approve' : 'reject'
  const body = act === 'withdraw' ? { notes: 'It was not honoured.' } : {}
  for (let people = random.fraction() < 0.3 ? 2 : 1; people > 0; people--)
    ask(stage, orders, {
      key: newKey(),
      path: `/v1/outside-payments/${showId('out', id)}/${act}`,
      body,
      by: merchant.second,
    })
}

/** What was paid for each invoice elsewhere, as two people say. */
export function sumsElsewhere(said: OutsidePayment[]): Map<string, number> {
  const agreed = Map.groupBy(
    said.filter(({ status }) => status === 'approved'),
    ({ invoice_id }) => invoice_id,
  )
  return new Map([...agreed].map(([id, own]) => [id, own.reduce((sum, { amount_cents }) => sum + amount_cents, 0)]))
}

/** What was paid elsewhere counts for its invoice, once and apart, and is nobody's alone. */
export function compareElsewhere(said: OutsidePayment[], invoices: Invoice[]): string[] {
  const sums = sumsElsewhere(said)
  const apart = invoices
    .filter(({ id, outside_cents }) => outside_cents !== (sums.get(id) ?? 0))
    .map(({ id, outside_cents }) => `${showId('inv', id)} has ${outside_cents} from elsewhere, of ${sums.get(id) ?? 0}`)
  const alone = said
    .filter(({ status, created_by, decided_by }) => status === 'approved' && created_by === decided_by)
    .map(({ id }) => `${showId('out', id)} was agreed on by who recorded it`)
  return [...apart, ...alone]
}
