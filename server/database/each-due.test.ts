import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invoiced } from '../../testing/invoices.ts'
import { signInAs } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { writeAudit } from '../access/audit.ts'
import { later } from '../clock.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { raw, sql } from './sql.ts'

const bad = 'bad@duka.example'
const good = 'good@duka.example'

/** From now on no letter can be put for somebody. */
async function refuseLettersTo({ context }: Story, recipient: string): Promise<void> {
  await context.database.query(sql`alter table mails add check (recipient <> ${raw(`'${recipient}'`)})`)
}

/** Runs a sweep, and answers to whom letters are put by then; what the log said, by the ids of rows. */
async function afterSweep({ context, sweep }: Story, name: string) {
  const failed: string[] = []
  context.log.error = ((said: { id: string }) => failed.push(said.id)) as typeof context.log.error
  const count = await sweep(name)
  const mails = await context.database.query<{ recipient: string }>(sql`select recipient from mails order by id`)
  return { count, failed, to: mails.map(({ recipient }) => recipient) }
}

/** What is due: of this table, by this column, so that the row of one reader comes before the others. */
async function makeDue({ context: { database, clock } }: Story, table: string, column: string, first: string) {
  await database.query(sql`
    update ${raw(table)} set ${raw(column)} = case when id = ${first} then ${later(clock.now(), -1)} else ${clock.now()} end::timestamptz
    where ${raw(column)} is not null`)
}

for (const name of ['payers', 'refunded'])
  test(`who cannot be written to keeps no other payer from their letter: ${name}`, () =>
    story({}, async (told) => {
      const ids: string[] = []
      for (const email of [bad, good]) {
        const { id } = await told.pay({
          phone: '0708374149',
          amount: 100,
          account_reference: email.slice(0, 3),
          customer: { email },
        })
        await told.payment(id)
        ids.push(id)
      }
      await told.sweep('issue')
      for (const payment_id of name === 'refunded' ? ids : []) await told.call('POST', '/v1/refunds', { payment_id })
      await told.simulator.settled()
      await refuseLettersTo(told, bad)
      const { count, failed, to } = await afterSweep(told, name)
      assert.deepEqual([count, failed.length, to], [1, 1, [good]])
      assert.deepEqual((await afterSweep(told, name)).failed, [], 'It is put off.')
      await told.advance('6 minutes')
      assert.deepEqual((await afterSweep(told, name)).failed, failed, 'It is tried again.')
    }))

test('an invoice that nobody can be reminded of holds up no reminder of another', () =>
  story({}, async (told) => {
    const due_date = '2026-12-10'
    const sent = { due_date, send: true }
    await invoiced(told, { ...sent, reference: 'BAD-1', customer: { name: 'Bad', email: bad } })
    await invoiced(told, { ...sent, reference: 'GOOD-2', customer: { name: 'Good', email: good } })
    const { database } = told.context
    await database.query(sql`delete from mails`)
    await refuseLettersTo(told, bad)
    const first = await database.one<{ id: string }>(sql`select id from invoices order by id limit 1`)
    await told.advance('18 days')
    await makeDue(told, 'invoices', 'remind_at', first.id)
    const { count, failed, to } = await afterSweep(told, 'reminders')
    assert.deepEqual([count, failed, to], [1, [first.id], [good]])
    assert.deepEqual((await afterSweep(told, 'reminders')).failed, [])
  }))

for (const [name, column] of [
  ['summaries', 'summary_at'],
  ['statements', 'statement_at'],
] as const)
  test(`who cannot be written to keeps nobody else from their report: ${name}`, () =>
    story({}, async (told) => {
      const { database, clock } = told.context
      const { user } = await signInAs(told, { role: 'owner', email: bad })
      await signInAs(told, { role: 'owner', email: good })
      await database.query(sql`
        update memberships set ${raw(column)} = case when user_id = ${user.id} then ${later(clock.now(), -1)} else ${clock.now()} end::timestamptz`)
      await refuseLettersTo(told, bad)
      const { count, failed, to } = await afterSweep(told, name)
      assert.deepEqual([count, failed, to], [1, [user.id], [good]])
      assert.deepEqual((await afterSweep(told, name)).failed, [])
    }))

test('a grave act that cannot be told holds up no other', () =>
  story({}, async (told) => {
    const { database } = told.context
    await signInAs(told, { role: 'owner', email: good })
    await signInAs(told, { role: 'owner', email: 'other@duka.example' })
    const acts = await database.query<{ id: string }>(
      sql`select id from audit_log where mail_at is not null order by id`,
    )
    const [first] = acts
    await database.query(sql`alter table mails add check (subject_id <> ${raw(`'${first!.id}'`)})`)
    await makeDue(told, 'audit_log', 'mail_at', first!.id)
    const { count, failed } = await afterSweep(told, 'owners')
    assert.deepEqual([count, failed], [acts.length - 1, [first!.id]])
    assert.deepEqual((await afterSweep(told, 'owners')).failed, [])
  }))

test('an audit log that cannot be sealed leaves those of the other merchants to be sealed', () =>
  story({}, async (told) => {
    const { context, clock } = told
    const merchants = [told.merchant.id]
    for (const name of ['Duka la pili', 'Duka la tatu']) merchants.push((await createMerchant(context, name)).id)
    for (const merchant_id of merchants)
      await writeAudit(context.database, context, { merchant_id, action: 'test.done', details: {} })
    await clock.advance('6 minutes')
    const refused = merchants[0]!
    await context.database.query(sql`alter table audit_seals add check (merchant_id <> ${raw(`'${refused}'`)})`)
    assert.equal((await afterSweep(told, 'audit seals')).count, 2)
    assert.equal((await afterSweep(told, 'audit seals')).count, 0, 'A sweep that does nothing rests.')
  }))
