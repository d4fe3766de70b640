import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKey } from '../access/key.ts'
import { scopes } from '../access/scope.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { story, storyCredentials, storyOperator } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { addAccount } from './add.ts'
import { configureAccount } from './configure.ts'
import { keepToken } from './kept-token.ts'
import { defaultAccount } from './named.ts'

const till = { env: 'simulator', type: 'till', shortcode: '7001001', till: '5551001', ...storyCredentials }
const branch = { env: 'simulator', shortcode: '600111', ...storyCredentials, ...storyOperator }

async function add(told: Story, input: Record<string, unknown>): Promise<any> {
  const { status, body } = await told.call('POST', '/v1/merchant/accounts', input)
  assert.equal(status, 201, JSON.stringify(body))
  return body.data
}

/** Another merchant of the installation, who calls with a key of their own. */
async function another(told: Story, shortcode: string) {
  const { context } = told
  const { id: merchant_id } = await createMerchant(context, 'Duka Jirani')
  const number = { provider: 'mpesa', environment: 'simulator', shortcode, till: null, type: 'paybill' } as const
  const account = await configureAccount(context, { merchant_id, ...number, credentials: storyCredentials })
  const { key } = await createKey(context, { merchant_id, name: 'theirs', mode: 'test', scopes: [...scopes] })
  return { account, headers: { 'X-API-Key': key } }
}

const refusal = ({ status, body }: { status: number; body: any }) => [status, body.error.code, body.error.param]

test('a payment is made with the account that it names, by its name in any case or its id, and shows it', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    for (const [index, account] of ['Westlands', 'westlands', id].entries()) {
      const payment = await told.pay({ account, phone: `071234567${index}` })
      assert.equal(payment.account, id)
      assert.equal(
        (told.simulator.asked('stkpush').at(-1)!.body as Record<string, string>)['BusinessShortCode'],
        '600111',
      )
    }
    const usual = await told.pay({ phone: '0712345679' })
    assert.notEqual(usual.account, id)
    const listed = async (query: string) =>
      (await told.call('GET', `/v1/payments?${query}`)).body.data.map(({ id }: any) => id)
    assert.equal((await listed('account=Westlands')).length, 3)
    assert.deepEqual(await listed(`account=${usual.account}`), [usual.id])
  }))

test('a till is asked for by its store number, and paid', () =>
  story({}, async (told) => {
    const { id, name } = await add(told, { mpesa: till })
    assert.equal(name, '5551001', 'without a name it has that of the number that customers pay to')
    const payment = await told.pay({ account: '5551001', phone: '0708374149' })
    const { BusinessShortCode, PartyB } = told.simulator.asked('stkpush').at(-1)!.body as Record<string, string>
    assert.deepEqual([BusinessShortCode, PartyB], ['7001001', '5551001'])
    const paid = await told.payment(payment.id)
    assert.deepEqual([paid.status, paid.account], ['completed', id])
    const [money] = (await told.call('GET', `/v1/money-in?account=${id}`)).body.data
    assert.deepEqual([money.receipt, money.account], [paid.provider_receipt, id])
  }))

test('an account that was ended makes nothing new, checks and refunds what was, and comes back as it was', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const { id: paid } = await told.pay({ account: 'Westlands', phone: '0708374149', amount: 500 })
    assert.equal((await told.payment(paid)).status, 'completed')
    const ended = await told.call('PATCH', `/v1/merchant/accounts/${id}`, { ended: true })
    assert.equal(ended.body.data.ended_at, told.clock.now().toISOString())

    const refused = await told.call('POST', '/v1/payments', { amount: 100, phone: '0712345678', account: 'Westlands' })
    assert.deepEqual(refusal(refused), [409, 'conflict', 'account'])
    const { body } = await told.call('POST', '/v1/refunds', { payment_id: paid })
    assert.equal(body.data.account, id)
    assert.equal((await told.payment(paid)).amount_refunded, '500.00')

    const back = await add(told, { mpesa: { env: 'simulator', shortcode: '600111', ...storyCredentials } })
    assert.deepEqual([back.id, back.name, back.config_summary.initiator], [id, 'Westlands', storyOperator.initiator])
  }))

test('a payment that failed is tried again with the account that it was made with', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const { id: failed } = await told.pay({ account: 'Westlands', phone: '0712345678' })
    told.simulator.phones.get('0712345678').cancel()
    assert.equal((await told.payment(failed)).status, 'failed')
    assert.equal((await told.pay({ retry_of: failed, phone: '0712345678' })).account, id)
  }))

test('there is always one default, which another may become and which cannot be ended', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const change = (account: string, change: object) => told.call('PATCH', `/v1/merchant/accounts/${account}`, change)
    const before = (await told.call('GET', '/v1/merchant/providers/mpesa')).body.data.account_id
    assert.deepEqual(refusal(await change(before, { ended: true })), [409, 'conflict', 'ended'])
    assert.deepEqual(refusal(await change(before, { is_default: false })), [409, 'conflict', 'is_default'])
    assert.equal((await change(id, { is_default: true })).status, 200)
    assert.equal((await told.pay()).account, id)
    assert.equal((await change(before, { ended: true })).status, 200)
    const shown = (await told.call('GET', '/v1/merchant/accounts?ended=false')).body.data
    assert.deepEqual(
      shown.map((account: any) => [account.id, account.is_default]),
      [[id, true]],
    )
  }))

test('another account that is set as the default leaves the others in use, and a new number takes name and place', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const put = async (mpesa: object) =>
      (await told.call('PUT', '/v1/merchant/providers/mpesa', { mpesa: { ...storyCredentials, ...mpesa } })).body.data
    assert.equal((await put({ env: 'simulator', shortcode: '600111' })).account_id, id)
    const inUse = async () => (await told.call('GET', '/v1/merchant/accounts?ended=false')).body.data
    assert.equal((await inUse()).length, 2)

    const { account_id } = await put({ env: 'sandbox', shortcode: '600111' })
    assert.notEqual(account_id, id)
    const now = await inUse()
    assert.deepEqual(
      now.map((account: any) => [account.id, account.name]),
      [
        [account_id, 'Westlands'],
        [now[1].id, '174379'],
      ],
    )
    assert.equal((await told.pay({ account: 'Westlands' })).account, account_id, 'of one name, that which is in use')
  }))

test('what is told at the address of one account is judged by, and belongs to, the one whose number it names', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const order = { amount: 500, account_reference: 'INV-204' }
    const usual = await told.pay({ ...order, phone: '0712345670' })
    const theirs = await told.pay({ ...order, phone: '0712345671', account: 'Westlands' })
    const rule = await told.call('PUT', '/v1/mpesa/c2b/rule?account=Westlands', { accepts: 'exact_amount' })
    assert.equal(rule.status, 200)
    const account = await defaultAccount(told.context, told.merchant.id, 'mpesa')
    const address = `/v1/in/${await keepToken(told.context, account, 'c2b')}`
    const body = {
      TransactionType: 'Pay Bill',
      TransID: 'UKK7X2M4QA',
      TransTime: '20261120143000',
      TransAmount: '499.00',
    }
    const paid = { ...body, BusinessShortCode: '600111', BillRefNumber: 'INV-204', MSISDN: '2547 ***** 678' }
    const wanted = async (change: object) =>
      ((await (await told.post(`${address}/validation`, { ...paid, ...change })).json()) as any).ResultCode
    assert.equal(await wanted({}), 'C2B00013')
    assert.equal(String(await wanted({ BusinessShortCode: '174379' })), '0')

    const come = { ...paid, TransAmount: '500.00', OrgAccountBalance: '500.00' }
    assert.equal((await told.post(`${address}/confirmation`, come)).status, 200)
    assert.equal((await told.payment(theirs.id)).provider_receipt, 'UKK7X2M4QA')
    assert.equal((await told.payment(usual.id)).status, 'pending')
    assert.equal((await told.call('GET', `/v1/money-in?account=${id}`)).body.data.length, 1)
  }))

test('an account that is there is not added again, and no two that are in use share a name', () =>
  story({}, async (told) => {
    const { id } = await add(told, { name: 'Westlands', mpesa: branch })
    const again = await told.call('POST', '/v1/merchant/accounts', { name: 'Other', mpesa: branch })
    assert.equal(again.status, 409)
    assert.match(again.body.error.message, new RegExp(`"Westlands".*PATCH /v1/merchant/accounts/${id}`))
    const same = await told.call('POST', '/v1/merchant/accounts', { name: 'WESTLANDS', mpesa: till })
    assert.deepEqual(refusal(same), [409, 'conflict', 'name'])
    const confusing = await told.call('POST', '/v1/merchant/accounts', { name: id, mpesa: till })
    assert.deepEqual(refusal(confusing), [400, 'invalid_request', 'name'])
  }))

test("another merchant's account is found by nobody but them, whatever asks for it", () =>
  story({}, async (told) => {
    const { account, headers } = await another(told, '600222')
    const { id: mine } = await add(told, { name: 'Westlands', mpesa: branch })
    const theirs = `acc_${account.id.replaceAll('-', '')}`
    const csv = { 'Content-Type': 'text/csv' }
    const asked: [method: string, path: string, body?: unknown, headers?: Record<string, string>][] = [
      ['POST', '/v1/payments', { amount: 100, phone: '0712345678', account: theirs }],
      ['POST', '/v1/payouts', { kind: 'b2c', amount: 100, phone: '0712345678', account: theirs }],
      ['GET', `/v1/payments?account=${theirs}`],
      ['GET', `/v1/payouts?account=${theirs}`],
      ['GET', `/v1/money-in?account=${theirs}`],
      ['GET', `/v1/reconciliation/runs?account=${theirs}`],
      ['POST', `/v1/reconciliation/runs?account=${theirs}`],
      ['POST', `/v1/reconciliation/mpesa/register?account=${theirs}`],
      ['GET', `/v1/reconciliation/mpesa?account=${theirs}`],
      ['POST', `/v1/reconciliation/statements?account=${theirs}`, told.simulator.statement(), csv],
      ['POST', `/v1/mpesa/c2b/register?account=${theirs}`],
      ['PUT', `/v1/mpesa/c2b/rule?account=${theirs}`, { accepts: 'all' }],
      ['GET', `/v1/mpesa/c2b/rule?account=${theirs}`],
      ['POST', `/v1/mpesa/balance?account=${theirs}`],
      ['GET', `/v1/mpesa/balance?account=${theirs}`],
      ['POST', `/v1/payments/mpesa/check-status/UKK7X2M4QA?account=${theirs}`],
      ['GET', `/v1/merchant/accounts/${theirs}`],
      ['PATCH', `/v1/merchant/accounts/${theirs}`, { name: 'Mine' }],
    ]
    for (const call of asked) {
      const answer = await told.call(...call)
      assert.deepEqual([answer.status, answer.body.error.code], [404, 'not_found'], call.join(' '))
    }
    assert.deepEqual(told.simulator.log(), [], 'and nothing was asked of M-Pesa')
    const byName = await told.call('POST', '/v1/payments', { amount: 100, phone: '0712345678', account: '600222' })
    assert.deepEqual(refusal(byName), [404, 'not_found', 'account'])
    const theirList = await told.call('GET', '/v1/merchant/accounts', undefined, headers)
    assert.deepEqual(
      theirList.body.data.map(({ id }: any) => id),
      [theirs],
    )
    assert.equal((await told.call('GET', `/v1/merchant/accounts/${mine}`, undefined, headers)).status, 404)
  }))

test('real money of a short code, and of the tills of one store, belongs to one merchant', () =>
  story({ environment: 'live' }, async (told) => {
    const owner = { ...told.context, actor: 'user:owner', isOwner: true }
    const { id: merchant_id } = await createMerchant(owner, 'Duka Jirani')
    const live = { provider: 'mpesa', environment: 'live', credentials: storyCredentials } as const
    const store = { ...live, merchant_id: told.merchant.id, type: 'till', shortcode: '7001001' } as const
    await addAccount(owner, { ...store, till: '5551001' })
    await addAccount(owner, { ...store, till: '5551002' })
    for (const [shortcode, ofTill] of [
      ['174379', null],
      ['7001001', '5551003'],
      ['7001009', '5551001'],
      ['5551002', null],
    ] as const)
      await assert.rejects(
        addAccount(owner, { ...live, merchant_id, type: ofTill ? 'till' : 'paybill', shortcode, till: ofTill }),
        { code: 'conflict', message: /belongs to another merchant of this installation/ },
        shortcode,
      )
  }))

test('a key does not change a live account, put another in its place, or end it, and a test key does not see it', () =>
  story({ environment: 'live' }, async (told) => {
    const [account] = (await told.call('GET', '/v1/merchant/accounts')).body.data
    const path = `/v1/merchant/accounts/${account.id}`
    const live = { ...branch, env: 'live' }
    const refused = [
      await told.call('PATCH', path, { name: 'Other' }),
      await told.call('PATCH', path, { mpesa: { passkey: 'another' } }),
      await told.call('POST', '/v1/merchant/accounts', { is_default: true, mpesa: live }),
    ]
    for (const { status, body } of refused) assert.deepEqual([status, body.error.code], [403, 'owner_required'])
    const { id } = await add(told, { name: 'Westlands', mpesa: live })
    const stepUp = await told.call('PATCH', `/v1/merchant/accounts/${id}`, { is_default: true })
    assert.equal(stepUp.body.error.code, 'owner_required')

    const { merchant, context } = told
    const { key } = await createKey(context, {
      merchant_id: merchant.id,
      name: 'test',
      mode: 'test',
      scopes: [...scopes],
    })
    const asTest = { 'X-API-Key': key }
    assert.equal((await told.call('GET', path, undefined, asTest)).status, 404)
    assert.deepEqual((await told.call('GET', '/v1/merchant/accounts', undefined, asTest)).body.data, [])
    const paid = { amount: 100, phone: '0712345678', account: 'Westlands' }
    assert.equal((await told.call('POST', '/v1/payments', paid, asTest)).status, 403)
  }))
