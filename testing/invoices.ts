import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import { parseId } from '../server/id.ts'
import type { Story } from './story.ts'

export const amina = '0712345678'

/** An invoice of KES 4,500 for Amina's shop, or as the test words it. */
export async function invoiced({ call }: Pick<Story, 'call'>, over: Record<string, unknown> = {}): Promise<any> {
  const lines = [
    { description: 'Unga wa mahindi, 2 kg', quantity: 10, unit_amount: 190 },
    { description: 'Sukari, 1 kg', quantity: '8', unit_amount: '160.00' },
    { description: 'Majani ya chai, 500 g', quantity: 2, unit_amount: 410 },
    { description: 'Brought to Kawangware', unit_amount: 500 },
  ]
  const body = { lines, customer: { name: 'Amina Wanjiku', phone: amina }, ...over }
  const made = await call('POST', '/v1/invoices', body)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The invoice as it now is, after everything that is under way has come to rest. */
export async function invoiceOf({ call, simulator }: Story, { id }: { id: string }): Promise<any> {
  await simulator.settled()
  return (await call('GET', `/v1/invoices/${id}`)).body.data
}

/** Status, what is paid, what is due, and what is over, in one glance. */
export async function standOf(told: Story, invoice: { id: string }): Promise<string> {
  const { status, amount_paid, amount_due, amount_over } = await invoiceOf(told, invoice)
  return [status, amount_paid, amount_due, amount_over].join(' ').replaceAll('.00', '')
}

/** Begins a payment of an invoice, and pays it on the phone that is asked. */
export async function instalment(told: Story, { id }: { id: string }, over: Record<string, unknown> = {}) {
  const made = await told.call('POST', `/v1/invoices/${id}/settle`, { phone: amina, ...over })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  const phone = (over['phone'] as string | undefined) ?? amina
  told.simulator.phones.get(phone).approve()
  return told.payment(made.body.data.id)
}

/** What the merchant was told of an invoice, in order. */
export async function newsOf({ context }: Story, { id }: { id: string }): Promise<string[]> {
  const told = await context.database.query<{ type: string }>(
    sql`select type from events where subject_id = ${parseId('inv', id)} order by version`,
  )
  return told.map(({ type }) => type)
}
