import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKey } from '../server/access/key.ts'
import { scopes } from '../server/access/scope.ts'
import { configureAccount } from '../server/accounts/configure.ts'
import { raw, sql } from '../server/database/sql.ts'
import { createMerchant } from '../server/merchants/merchant.ts'
import { matchMoney } from '../server/money-in/match.ts'
import { issueReceipts } from '../server/receipts/issue.ts'
import { invoiced } from './invoices.ts'
import { enable, send } from './payouts.ts'
import { paid, refund } from './refunds.ts'
import { publicUrl, story, storyCredentials } from './story.ts'
import type { Story } from './story.ts'
import { unchecked } from './unchecked.ts'

test('whatever a stranger asks for, by any route, is not there, and nothing of it changes', () =>
  story({}, async (told) => {
    const owned = await trade(told)
    const key = await strangerTo(told)
    await walk(told, owned, key)
  }))

test('with a test key, what is live of the same shop is not there, and nothing of it changes', () =>
  story({}, async (told) => {
    const owned = await trade(told)
    await makeLive(told)
    await walk(told, owned, told.merchant.key, { isOwnShop: true })
  }))

/** What can be asked for in the path, by the list that shows it. */
type Owned = { lists: Map<string, string>; words: string[]; bodies: [path: string, body: object][] }

/** Of each noun of the API one, and the words by which it would be known. */
async function trade(told: Story): Promise<Owned> {
  const { call, simulator } = told
  await call('POST', '/v1/webhook-endpoints', { url: `${publicUrl}/hook`, description: 'Siri ya duka' })
  const listener = await call('PUT', '/v1/webhook-listeners', {
    url: 'http://localhost:3000/hook',
    machine: 'Siri yake',
  })
  assert.equal(listener.status, 200, JSON.stringify(listener.body))
  await call('POST', '/v1/mpesa/c2b/register')
  await call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
  const payment = await paid(told, 4321)
  const went = await refund(told, { payment_id: payment.id, amount: 21 })
  await enable(told)
  const payout = await send(told, { amount: 1234 })
  const batch = await call('POST', '/v1/payouts/batches', {
    payouts: [{ kind: 'b2c', phone: '0799000120', amount: 55 }],
  })
  assert.equal(batch.status, 201, JSON.stringify(batch.body))
  const invoice = await invoiced(told, { reference: 'SIRI-77' })
  await payElsewhere(told, invoice)
  await call('POST', '/v1/payment-links', { name: 'Siri ya duka' })
  await simulator.phones.get('0799000120').pay({ shortcode: '174379', amount: 777, reference: 'SIRI-88' })
  await simulator.settled()
  await told.advance('5 minutes')
  await matchMoney.run(told.context)
  await issueReceipts.run(told.context)
  const run = await call('POST', '/v1/reconciliation/runs')
  assert.equal(run.status, 201, JSON.stringify(run.body))

  const lists = new Map<string, string>([['/webhook-listeners', listener.body.data.id]])
  const collections = [
    '/payments /refunds /payouts /payouts/batches /invoices /events /deliveries /webhook-endpoints /api-keys /attention',
    '/merchant/accounts /reconciliation/runs /money-in /payment-links /receipts /outside-payments',
  ]
  for (const path of collections.join(' ').split(' ')) {
    const [first] = (await call('GET', `/v1${path}`)).body.data
    assert.ok(first, `The shop has nothing at ${path}.`)
    lists.set(path, first.id ?? first.receipt)
  }
  const [unmatched] = (await call('GET', '/v1/money-in?unmatched=true')).body.data
  lists.set('/money-in', unmatched.receipt)
  const words = [
    ...lists.values(),
    payment.id,
    went.id,
    payout.id,
    payment.provider_receipt,
    'SIRI',
    '0712345678',
    'Siri ya',
  ]
  const bodies: Owned['bodies'] = [
    ['/refunds', { payment_id: payment.id }],
    ['/payments', { amount: 4500, phone: '0799000120', invoice_id: invoice.id }],
    ['/payments', { amount: 4321, phone: '0799000120', retry_of: payment.id }],
    ['/payments', { amount: 10, phone: '0799000120', account: lists.get('/merchant/accounts') }],
    ['/invoices', { lines: [{ description: 'x', unit_amount: 5 }], account: lists.get('/merchant/accounts') }],
  ]
  return { lists, words, bodies }
}

async function payElsewhere({ call }: Story, { id }: { id: string }): Promise<void> {
  const slip = { method: 'bank', alternate_reference: 'SIRI-99', notes: 'Siri yao' }
  const { status, body } = await call('POST', `/v1/invoices/${id}/outside-payments`, slip)
  assert.equal(status, 201, JSON.stringify(body))
}

/** A key of another merchant, that may do everything. */
async function strangerTo({ context }: Story): Promise<string> {
  const { id: merchant_id } = await createMerchant(context, 'Jirani')
  await configureAccount(context, {
    merchant_id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode: '600001',
    till: null,
    type: 'paybill',
    credentials: storyCredentials,
  })
  return (await createKey(context, { merchant_id, name: 'stranger', mode: 'test', scopes: [...scopes] })).key
}

/** Makes all that the shop has live, but for the key that asks. */
async function makeLive({ context: { database }, merchant }: Story): Promise<void> {
  const tables = await database.query<{ name: string; changes: string }>(sql`
    select table_name as name, string_agg(column_name || ' = ''live''', ', ') as changes
    from information_schema.columns c join pg_class k on k.relname = c.table_name
    where table_schema = 'public' and column_name in ('environment', 'mode') and not k.relispartition
      and exists (select from information_schema.columns m where m.table_name = c.table_name and m.column_name = 'merchant_id')
    group by 1`)
  const updates = tables.map(({ name, changes }) => {
    const others = name === 'api_keys' ? `and name <> 'story'` : ''
    return `update ${name} set ${changes} where merchant_id = '${merchant.id}' ${others};`
  })
  await database.transaction(async (transaction) => {
    await transaction.query(unchecked)
    await transaction.query(raw(updates.join(' ')))
  })
}

/** A shop's own settings, the same to each of its keys. */
const settings = ['/merchant/accounts', '/merchant/providers', '/api-keys', '/audit/logs']

type Operation = {
  requestBody?: { content: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }> }
}

/** Asks for everything that the document tells of, as somebody to whom it does not belong. */
async function walk(
  told: Story,
  { lists, words, bodies }: Owned,
  key: string,
  { isOwnShop = false } = {},
): Promise<void> {
  const unseen = isOwnShop ? [...lists].flatMap(([path, id]) => (settings.includes(path) ? [] : id)) : words
  const before = await rowsOf(told)
  const headers = { 'X-API-Key': key }
  const { paths } = (await told.call('GET', '/v1/openapi.json', undefined, headers)).body
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await told.call(method.toUpperCase(), `/v1${path}`, body, headers)
    const text = JSON.stringify(answer.body)
    const said = path + JSON.stringify(body)
    for (const word of unseen)
      if (!said.includes(word)) assert.ok(!text.includes(word), `${method} ${path} tells of ${word}: ${text}`)
    return answer
  }
  let walked = 0
  for (const [path, operations] of Object.entries(paths as Record<string, Record<string, Operation>>))
    for (const [method, operation] of Object.entries(operations)) {
      if (isOwnShop && settings.some((collection) => path.startsWith(collection))) continue
      const { target, isTheirs } = fill(path, lists)
      const body = exampleOf(operation)
      if (isOwnShop && !isTheirs && method !== 'get') continue
      const { status, body: said } = await ask(method, target, body)
      walked++
      if (isTheirs) assert.equal(status, 404, `${method} ${target}: ${JSON.stringify(said)}`)
    }
  assert.ok(walked > 40, `Only ${walked} were walked.`)
  for (const [path, body] of bodies) {
    // With a test key nothing at all is made where the account is live.
    const expected = isOwnShop && path !== '/refunds' ? 403 : 404
    assert.equal((await ask('post', path, body)).status, expected, path)
  }
  const missed = { endpoint_id: lists.get('/webhook-endpoints'), missed: true, since: '2026-01-01' }
  assert.equal((await ask('post', '/deliveries/redeliver', missed)).body.data.redelivered, 0)
  const after = await rowsOf(told)
  // What a key of the shop itself asked for in vain is written down.
  if (isOwnShop) after['audit_log'] = before['audit_log']!
  assert.deepEqual(after, before)
}

/** The path of what is the shop's. A path whose list nobody knows fails the walk. */
function fill(path: string, lists: Map<string, string>): { target: string; isTheirs: boolean } {
  // A receipt is anybody's to ask M-Pesa for, which answers whose it is.
  const receipt = lists.get('/money-in')!
  const own = path.replace('{provider}', 'mpesa').replace('check-status/{receipt}', `check-status/${receipt}`)
  if (!own.includes('{')) return { target: own, isTheirs: false }
  const collection = path.slice(0, path.indexOf('/{'))
  const value = lists.get(collection)
  assert.ok(value, `Tell this test of something at ${collection}, for a stranger to ask for.`)
  return { target: path.replace(/\{\w+\}/, value), isTheirs: true }
}

function exampleOf({ requestBody }: Operation): unknown {
  const content = requestBody?.content['application/json']
  return content?.example ?? Object.values(content?.examples ?? {})[0]?.value
}

/** All that the database holds of the shop. */
async function rowsOf({ context: { database }, merchant }: Story): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(sql`
    select table_name as name from information_schema.columns c join pg_class k on k.relname = c.table_name
    where table_schema = 'public' and column_name = 'merchant_id' and not k.relispartition`)
  const sums: Record<string, string> = {}
  for (const { name } of tables) {
    const { sum } = await database.one<{ sum: string }>(
      raw(`select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as sum from ${name} t
        where merchant_id = '${merchant.id}'`),
    )
    sums[name] = sum
  }
  return sums
}
