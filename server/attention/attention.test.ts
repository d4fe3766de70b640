import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createKey } from '../access/key.ts'
import { sql } from '../database/sql.ts'
import { examineAttention } from '../doctor/attention.ts'

const paid = (provider_ref: string, over: Record<string, unknown> = {}) => stkCallback(provider_ref, over)

async function waiting(told: Story, query = ''): Promise<any[]> {
  const { status, body } = await told.call('GET', `/v1/attention${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data
}

const codesOf = (item: any) => item.reasons.map(({ code }: any) => code)

const c2b = (over: Record<string, unknown> = {}) => ({
  TransactionType: 'Pay Bill',
  TransID: 'UKK7X2M4QA',
  TransTime: '20261120143000',
  TransAmount: '900.00',
  BusinessShortCode: '174379',
  BillRefNumber: 'SHOES',
  MSISDN: '2547*****678',
  FirstName: 'AMINA',
  ...over,
})

async function confirmationPath(told: Story): Promise<string> {
  await told.call('POST', '/v1/mpesa/c2b/register')
  const [account] = await told.context.database.query<{ c2b_token: string }>(
    sql`select c2b_token from provider_accounts`,
  )
  return `/v1/in/${account!.c2b_token}/confirmation`
}

test('all that needs a person stands in one list, the newest first, each with what can be done', () =>
  story({}, async (told) => {
    assert.deepEqual(await waiting(told), [])
    const confirmation = await confirmationPath(told)
    const payment = await told.pay({ phone: '0799000120', amount: 200 })
    await told.post(addressOf(told, 'payment', payment.id), stkCallback('ws_CO_another'))
    await told.clock.advance('1 minute')
    await told.post(confirmation, c2b())
    await told.clock.advance('1 minute')
    await told.post(confirmation, c2b({ TransID: 'UKK7X2M4QB', BusinessShortCode: '5551234' }))
    await told.clock.advance('1 minute')
    await told.post(confirmation, c2b({ TransID: 'UKK7X2M4QC', TransAmount: 'a lot' }))
    await told.clock.advance('1 minute')
    await told.post('/v1/webhooks/mpesa', c2b({ TransID: 'UKK7X2M4QD' }))

    const items = await waiting(told)
    assert.deepEqual(
      items.map((item) => [item.kind, codesOf(item), item.receipt, item.amount]),
      [
        ['stray', ['without_token'], 'UKK7X2M4QD', null],
        ['callback', ['not_acted_on'], null, null],
        ['money_in', ['other_shortcode'], 'UKK7X2M4QB', '900.00'],
        ['money_in', ['no_payment'], 'UKK7X2M4QA', '900.00'],
        ['payment', ['mismatch'], null, '200.00'],
      ],
    )
    assert.match(items[1].body, /UKK7X2M4QC/)
    for (const item of items) {
      assert.equal(item.actions.at(-1).path, `/v1/attention/${item.id}/resolve`)
      for (const { message } of [...item.reasons, ...item.actions]) assert.match(message, /^[A-Z].*\.$/s)
    }
    assert.equal(
      items[4].actions.some(({ path }: any) => path === `/v1/payments/${payment.id}/evidence`),
      true,
    )
    assert.deepEqual(
      (await waiting(told, '?kind=payment')).map(({ id }) => id),
      [payment.id],
    )
    const first = await told.call('GET', '/v1/attention?limit=2')
    const second = await told.call('GET', `/v1/attention?limit=3&cursor=${first.body.meta.next_cursor}`)
    assert.deepEqual([...first.body.data, ...second.body.data], items)
    assert.equal(second.body.meta.has_more, false)
    assert.equal((await told.call('GET', '/v1/attention?cursor=nonsense')).status, 400)
  }))

test('every reason is kept beside the others, and the time is that of the first', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ phone: '0799000120', amount: 200 })
    const address = addressOf(told, 'payment', id)
    await told.post(address, stkCallback('ws_CO_another'))
    const since = told.clock.now().toISOString()
    await told.clock.advance('1 minute')
    await told.post(address, paid(provider_ref, { amount: 300 }))
    await told.post(address, paid(provider_ref, { amount: 300 }))
    assert.deepEqual((await told.payment(id)).needs_attention, ['mismatch', 'wrong_amount'])
    const [item] = await waiting(told, '?kind=payment')
    assert.deepEqual([codesOf(item), item.since], [['mismatch', 'wrong_amount'], since])
  }))

test('money that finds its payment, or goes back, needs nobody any longer', () =>
  story({}, async (told) => {
    const confirmation = await confirmationPath(told)
    await told.post(confirmation, c2b())
    const [money] = await waiting(told)
    assert.equal(money.kind, 'money_in')
    const { id } = await told.pay({ phone: undefined, amount: 900 })
    assert.equal((await told.call('POST', `/v1/money-in/${money.receipt}/assign`, { payment_id: id })).status, 200)
    assert.deepEqual(await waiting(told), [])
  }))

test('what a stray told of needs nobody once the money is in the books', () =>
  story({}, async (told) => {
    const confirmation = await confirmationPath(told)
    await told.pay({ phone: '0799000120', amount: 900, account_reference: 'SHOES' })
    await told.post('/v1/webhooks/mpesa', c2b())
    assert.deepEqual(
      (await waiting(told)).map(({ kind }) => kind),
      ['stray'],
    )
    await told.post(confirmation, c2b())
    assert.deepEqual(await waiting(told), [])
  }))

test('the merchant is told of each new reason once', () =>
  story({}, async (told) => {
    const events = () =>
      told.context.database.query<{ body: string }>(
        sql`select body from events where type = 'attention.needed' order by id`,
      )
    const { id, provider_ref } = await told.pay({ phone: '0799000120', amount: 200 })
    const address = addressOf(told, 'payment', id)
    await told.post(address, stkCallback('ws_CO_another'))
    assert.equal(await told.sweep('attention'), 1)
    assert.equal(await told.sweep('attention'), 0)
    await told.post(address, stkCallback('ws_CO_another'))
    assert.equal(await told.sweep('attention'), 0)
    await told.post(address, paid(provider_ref, { amount: 300 }))
    // The payment has a second reason, and the money has one of its own.
    assert.equal(await told.sweep('attention'), 2)
    const said = (await events()).map(({ body }) => JSON.parse(body).data)
    assert.deepEqual(
      said.map(({ kind, reasons, amount }) => [kind, reasons, amount]),
      [
        ['payment', ['mismatch'], '200.00'],
        ['payment', ['mismatch', 'wrong_amount'], '200.00'],
        ['money_in', ['wrong_amount'], '300.00'],
      ],
    )
    assert.equal(said[0].id, id)
  }))

test('resolving takes a note, is audited, and the flag returns if the fact does', () =>
  story({}, async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 200 })
    const address = addressOf(told, 'payment', id)
    await told.post(address, stkCallback('ws_CO_another'))
    const resolve = (body: unknown) => told.call('POST', `/v1/attention/${id}/resolve`, body)
    assert.equal((await resolve({})).status, 400)
    const resolved = await resolve({ note: 'Called Safaricom: a test of theirs.' })
    assert.deepEqual([resolved.status, resolved.body.data?.id], [200, id], JSON.stringify(resolved.body))
    assert.deepEqual(await waiting(told), [])
    assert.equal((await told.payment(id)).needs_attention, null)
    const [audited] = await told.context.database.query<any>(
      sql`select * from audit_log where action = 'attention.resolved'`,
    )
    assert.deepEqual(
      [audited.subject, audited.details],
      [id, { note: 'Called Safaricom: a test of theirs.', reasons: ['mismatch'] }],
    )
    const again = await resolve({ note: 'Me too.' })
    assert.equal(again.status, 404)
    assert.match(again.body.error.message, /resolved it already/)

    await told.sweep('attention')
    await told.post(address, stkCallback('ws_CO_another'))
    assert.deepEqual((await waiting(told)).map(codesOf), [['mismatch']])
    assert.equal(await told.sweep('attention'), 1)
  }))

test('what came up while a person was looking stays when they name what they saw', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay({ phone: '0799000120', amount: 200 })
    const address = addressOf(told, 'payment', id)
    await told.post(address, stkCallback('ws_CO_another'))
    await told.post(address, paid(provider_ref, { amount: 300 }))
    const body = { note: 'The first is clear.', reasons: ['mismatch'] }
    assert.equal((await told.call('POST', `/v1/attention/${id}/resolve`, body)).status, 200)
    assert.deepEqual((await told.payment(id)).needs_attention, ['wrong_amount'])
  }))

test('money, callbacks and strays are resolved by a note too', () =>
  story({}, async (told) => {
    const confirmation = await confirmationPath(told)
    await told.post(confirmation, c2b())
    await told.post(confirmation, c2b({ TransID: 'UKK7X2M4QC', TransAmount: 'a lot' }))
    await told.post('/v1/webhooks/mpesa', c2b({ TransID: 'UKK7X2M4QD' }))
    const items = await waiting(told)
    assert.equal(items.length, 3)
    for (const { id } of items)
      assert.equal((await told.call('POST', `/v1/attention/${id}/resolve`, { note: 'Seen.' })).status, 200, id)
    assert.deepEqual(await waiting(told), [])
    // It is still what it was: money that no payment explains.
    assert.equal((await told.call('GET', '/v1/money-in?unmatched=true')).body.data.length, 1)
  }))

test('a key sees and resolves only what it may, and only what is its merchant’s', () =>
  story({}, async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 200 })
    await told.post(addressOf(told, 'payment', id), stkCallback('ws_CO_another'))
    const { key } = await createKey(told.context, {
      merchant_id: told.merchant.id,
      name: 'reader',
      mode: 'test',
      scopes: ['payments:read'],
    })
    const asReader = { 'X-API-Key': key }
    assert.equal((await told.call('GET', '/v1/attention', undefined, asReader)).body.data.length, 1)
    const refused = await told.call('POST', `/v1/attention/${id}/resolve`, { note: 'x' }, asReader)
    assert.deepEqual([refused.status, refused.body.error.code], [403, 'forbidden'])
    for (const unknown of [`pay_${'0'.repeat(32)}`, `cbk_${'0'.repeat(32)}`, 'pay_1', 'nonsense'])
      assert.equal((await told.call('POST', `/v1/attention/${unknown}/resolve`, { note: 'x' })).status, 404, unknown)
  }))

test('the doctor counts what waits for a person, in every room', () =>
  story({}, async (told) => {
    assert.equal((await examineAttention(told.context)).state, 'ok')
    const confirmation = await confirmationPath(told)
    await told.post(confirmation, c2b({ TransAmount: 'a lot' }))
    await told.post(confirmation, c2b({ TransID: 'UKK7X2M4QB', BusinessShortCode: '5551234' }))
    const { state, count, examples } = await examineAttention(told.context)
    assert.deepEqual([state, count], ['fix', 2])
    assert.deepEqual(examples, [
      'receipts of money that no payment explains: 1',
      'callbacks that are kept with a problem: 1',
    ])
  }))
