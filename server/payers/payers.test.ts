import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { listAudit } from '../access/audit.ts'
import { sql } from '../database/sql.ts'
import { erasePayer } from './erase.ts'
import { exportPayer } from './export.ts'

const amina = '254708374149'
const other = '254712345678'
const email = 'amina.wanjiku@example.com'
const customer = { name: 'Amina Wanjiku', email }

test('a payer is given a copy of all that is held of them, and of nobody else', () =>
  story({}, async (told) => {
    const { context } = told
    const { payment, refund, invoice } = await knownPayer(told)
    const copy = await exportPayer(context, { merchant_id: told.merchant.id, phone: amina })

    assert.deepEqual(
      copy.payments.map(({ id, id_number }) => [id, id_number]),
      [[payment.id, '33445566']],
    )
    assert.deepEqual(
      copy.refunds.map(({ id }) => id),
      [refund.id],
    )
    assert.deepEqual(
      copy.invoices.map(({ id }) => id),
      [invoice.id],
    )
    assert.deepEqual(
      copy.money_in.map(({ payment_id }) => payment_id),
      [payment.id],
    )
    assert.deepEqual(new Set(copy.letters.map(({ to }) => to)), new Set([email]))
    assert.ok(copy.said_by_providers.some(({ body }) => body.includes(amina)))
    assert.ok(!JSON.stringify(copy).includes(other))
  }))

test('what is erased of a payer is found nowhere in the database, and the books are as they were', () =>
  story({}, async (told) => {
    const { context } = told
    const payer = { merchant_id: told.merchant.id, phone: amina }
    const { payment, invoice } = await knownPayer(told)
    for (const { id } of (await exportPayer(context, payer)).outside_payments)
      await told.call('POST', `/v1/outside-payments/${id}/reject`, { reason: 'Wanjiku was not there' })
    await told.call('POST', `/v1/invoices/${invoice.id}/void`, {})
    await settle(told)
    // The answer that a repeated request gets is kept for seven days.
    await told.advance('8 days')
    await told.sweep('idempotency')

    const erased = await erasePayer(context, payer, 'asked by letter')
    assert.deepEqual([erased.payments, erased.money_in, erased.invoices], [1, 1, 1])
    assert.ok(erased.letters > 0 && erased.bodies > 0)

    for (const word of [amina, 'Wanjiku', email, '33445566', 'wears size 42'])
      assert.deepEqual(await tablesWith(told, word), [], word)
    const kept = await told.payment(payment.id)
    assert.deepEqual(
      [kept.amount, kept.provider_receipt, kept.status, kept.phone, kept.payer.phone_masked],
      [payment.amount, payment.provider_receipt, 'completed', null, '0708 *** 149'],
    )
    assert.deepEqual(await complaintsOfDoctor(context), [])
    const { rows } = await listAudit(context, {
      merchant_id: payer.merchant_id,
      filter: { action: 'payer.erased' },
      limit: 9,
    })
    assert.deepEqual(
      rows.map(({ details }) => details),
      [{ phone: '0708 *** 149', note: 'asked by letter', ...erased }],
    )
    assert.equal((await erasePayer(context, payer, 'again')).payments, 0)
  }))

test('a payer of whom something is open is not erased, and is told what', () =>
  story({}, async (told) => {
    const payer = { merchant_id: told.merchant.id, phone: amina }
    const { invoice } = await knownPayer(told)
    await settle(told)
    const erasing = erasePayer(told.context, payer, 'asked by letter')
    await assert.rejects(erasing, { code: 'conflict', message: new RegExp(`^${invoice.id} is not finished`) })
    assert.equal((await exportPayer(told.context, payer)).payments[0]!.payer.name, customer.name)
  }))

test('of two businesses that know a payer, one erases what is its own', () =>
  story({}, async (told) => {
    const payment = await told.pay({ phone: amina, customer })
    const payer = { merchant_id: '0193a6c1-77b2-7d0e-8f21-c4d5e6f70812', phone: amina }
    assert.equal((await exportPayer(told.context, payer)).payments.length, 0)
    assert.equal((await told.payment(payment.id)).phone, amina)
  }))

/** Has paid, got a part back, owes on an invoice; another paid beside. */
async function knownPayer(told: Story) {
  const asked = await told.pay({
    phone: amina,
    amount: 300,
    customer: { ...customer, id_number: '33445566' },
    metadata: { note: 'wears size 42' },
  })
  await told.pay({ phone: other }).then(() => told.simulator.phones.get(other).approve())
  const made = await told.call('POST', '/v1/invoices', {
    lines: [{ description: 'Shoes', quantity: 1, unit_amount: 500 }],
    customer: { ...customer, phone: amina },
    send: true,
  })
  await told.call('POST', `/v1/invoices/${made.body.data.id}/outside-payments`, {
    method: 'cash',
    alternate_reference: 'Book 7, leaf 12',
    amount: 100,
    notes: 'Mrs Wanjiku came herself.',
  })
  await told.advance('1 minute')
  const refunded = await told.call('POST', '/v1/refunds', { payment_id: asked.id, amount: 100 })
  await told.advance('1 minute')
  await settle(told)
  return { payment: await told.payment(asked.id), refund: refunded.body.data, invoice: made.body.data }
}

async function settle(told: Story): Promise<void> {
  for (const name of ['issue', 'payers', 'refunded', 'mail']) await told.sweep(name)
}

/** The tables in which a word stands, as text or in bytes. */
async function tablesWith({ context: { database } }: Story, word: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(sql`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('migrations')`)
  const hex = Buffer.from(word).toString('hex')
  const found: string[] = []
  for (const { name } of tables) {
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>({
      strings: [`select count(*)::int as count from "${name}" t where t::text ilike `, ` or t::text ilike `, ''],
      values: [`%${word}%`, `%${hex}%`],
    })
    if (count > 0) found.push(name)
  }
  return found
}
