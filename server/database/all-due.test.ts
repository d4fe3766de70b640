import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { receiveMoney } from '../money-in/receive.ts'
import { raw, sql } from './sql.ts'

/** Runs a sweep, and answers for how many its work was done, and of which rows the log said that it failed. */
async function afterSweep({ context, sweep }: Story, name: string) {
  const failed: string[] = []
  context.log.error = ((said: { id: string }) => failed.push(said.id)) as typeof context.log.error
  return { count: await sweep(name), failed }
}

/** From now on the database refuses rows of this table of which this is not so. */
async function demand({ context }: Story, table: string, condition: string): Promise<void> {
  await context.database.query(sql`alter table ${raw(table)} add check (${raw(condition)}) not valid`)
}

/** What is refused is told once, put off, and told again when it was tried again. */
async function heldUpByNothing(told: Story, name: string, { refused, others }: { refused: string; others: number }) {
  assert.deepEqual(await afterSweep(told, name), { count: others, failed: [refused] })
  assert.deepEqual(await afterSweep(told, name), { count: 0, failed: [] })
  await told.advance('6 minutes')
  assert.deepEqual(await afterSweep(told, name), { count: 0, failed: [refused] })
}

test('a payment for which no receipt can be issued keeps no other from its receipt, and takes no number', () =>
  story({}, async (told) => {
    const { database } = told.context
    for (const account_reference of ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'])
      await told.payment((await told.pay({ phone: '0708374149', account_reference })).id)
    const payments = await database.query<{ id: string }>(sql`select id from payments order by issue_at, id`)
    const refused = payments[1]!.id
    await demand(told, 'receipts', `payment_id <> '${refused}'`)
    await heldUpByNothing(told, 'issue', { refused, others: 4 })
    const numbers = await database.query<{ number: number }>(sql`select number from receipts order by number`)
    assert.deepEqual(
      numbers.map(({ number }) => number),
      [1, 2, 3, 4],
    )
  }))

test('what cannot be told to need a person keeps nothing else from being told', () =>
  story({}, async (told) => {
    const { database } = told.context
    for (const phone of ['0799000120', '0799000121', '0799000122']) {
      const { id } = await told.pay({ phone })
      await told.post(addressOf(told, 'payment', id), stkCallback('ws_CO_another'))
    }
    const [first] = await database.query<{ id: string }>(sql`select id from payments order by id`)
    await demand(told, 'events', `type <> 'attention.needed' or body not like '%pay_${first!.id.replaceAll('-', '')}%'`)
    await heldUpByNothing(told, 'attention', { refused: first!.id, others: 2 })
  }))

test('money that cannot be matched keeps no other from its payment', () =>
  story({}, async (told) => {
    const { context, clock, merchant } = told
    const { database } = context
    const account = await database.one<{ id: string }>(sql`select id from provider_accounts`)
    const { id } = await told.pay({ phone: '0799000120', account_reference: 'RENT' })
    const money = ['UKK7X2M4QA', 'UKK7X2M4QB', 'UKK7X2M4QC'].map((receipt) => ({
      merchant_id: merchant.id,
      provider: 'mpesa' as const,
      environment: 'simulator' as const,
      provider_account_id: account.id,
      receipt,
      amount_cents: 10_000,
      kind: 'c2b' as const,
      phone: null,
      phone_masked: '2547 ***** 678',
      phone_hash: null,
      payer_name: null,
      reference: receipt === 'UKK7X2M4QC' ? 'RENT' : 'NOBODY',
      paid_at: clock.now(),
      match_at: clock.now(),
    }))
    const [first] = await receiveMoney(context, money)
    await demand(told, 'money_in', `receipt <> 'UKK7X2M4QA' or match_at is not null`)
    await heldUpByNothing(told, 'money', { refused: first!.id, others: 2 })
    assert.equal((await told.payment(id)).provider_receipt, 'UKK7X2M4QC')
  }))
