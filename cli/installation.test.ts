import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { connect } from '../server/database/connect.ts'
import { sql } from '../server/database/sql.ts'
import { newSecretKey } from '../server/secret.ts'
import { sandboxPasskey } from '../simulator/index.ts'
import { installLango, until } from '../testing/command.ts'
import type { Lango } from '../testing/command.ts'
import { createTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'
import { openRoad } from '../testing/road.ts'

let database: TestDatabase
let own: Record<string, string>
const installed: Lango[] = []

before(async () => {
  database = await createTestDatabase()
  own = { DATABASE_URL: database.url, LANGO_SECRET_KEY: newSecretKey() }
})

afterEach(async () => {
  for (const lango of installed.splice(0)) await lango.remove()
})

after(() => database.drop())

/** A node with a home of its own on the database that all of them share. */
async function node(settings: Record<string, string> = {}): Promise<Lango> {
  const lango = await installLango({ ...own, ...settings })
  installed.push(lango)
  return lango
}

async function rows<Row>(query: ReturnType<typeof sql>): Promise<Row[]> {
  const connection = connect(database.url, { connections: 1 })
  try {
    return await connection.query<Row>(query)
  } finally {
    await connection.end()
  }
}

const account = {
  MPESA_CONSUMER_KEY: 'a-consumer-key',
  MPESA_CONSUMER_SECRET: 'a-consumer-secret',
  MPESA_BUSINESS_SHORT_CODE: '174379',
  MPESA_PASS_KEY: sandboxPasskey,
}

test('two nodes with homes of their own have one demo merchant, one simulator, and one registration of it', async () => {
  const [first, second] = [await node(), await node()]
  await first.started()
  const renamed = await first.call('PATCH', '/v1/merchant', { name: 'Duka la Juu' })
  const other = await second.started()
  assert.match(
    other.said(),
    new RegExp(`The simulator of this installation runs at ${first.simulatorUrl}, and is used\\.`),
  )
  assert.match(other.said(), /Merchant +Duka la Juu\n/)
  assert.deepEqual((await second.call('GET', '/v1/merchant')).data, renamed.data)
  assert.equal((await rows(sql`select 1 from merchants`)).length, 1)

  // What was asked for at one node is paid, and known at the other.
  const asked = await second.call('POST', '/v1/payments', { amount: 70, phone: '0708374149' })
  await until(async () => (await first.call('GET', `/v1/payments/${asked.data.id}`)).data.status === 'completed')

  // Money from the menu goes to the node that was registered first, also when the other has come and gone.
  assert.equal(await other.end(), 0)
  await first.control('POST', '/phones/254712345678/pay', { shortcode: '174379', amount: 250, reference: 'SHOES' })
  await until(async () => (await first.call('GET', '/v1/money-in?unmatched=true')).data.length === 1)
})

test('nodes that start at the same moment make everything once', async () => {
  const nodes = [await node(), await node(), await node()]
  await Promise.all(nodes.map((each) => each.started()))
  assert.equal((await rows(sql`select 1 from merchants`)).length, 1)
  const accounts = await rows<{ provider: string }>(sql`select provider from provider_accounts order by provider`)
  assert.deepEqual(
    accounts.map(({ provider }) => provider),
    ['mpesa', 'pesaflow'],
  )
  const shared = await Promise.all(
    nodes.map((each) =>
      fetch(`${each.simulatorUrl}/_/phones`).then(
        () => 1,
        () => 0,
      ),
    ),
  )
  assert.equal(
    shared.reduce<number>((sum, one) => sum + one, 0),
    1,
    'one of them runs the simulator',
  )
})

test('a node whose PostgreSQL is still starting waits for it, and says so in one sentence', async () => {
  const road = await openRoad(database.url)
  try {
    road.comeUp()
    const lango = await node({ DATABASE_URL: road.url })
    const starting = lango.start()
    await starting.says('is starting or stopping at this moment (the database system is starting up)')
    road.open()
    await starting.says('Ctrl-C stops everything.')
    assert.equal(starting.said().split('Lango goes on trying for two minutes.').length, 2)
    await lango.remove()
  } finally {
    await road.close()
  }
})

test('the MPESA_ settings say what they made, and its key, and a whole callback URL works', async () => {
  const lango = await node()
  const simulator = { ...account, MPESA_ENVIRONMENT: 'simulator' }
  const callback = { MPESA_CALLBACK_URL: `${lango.url}/v1/webhooks/mpesa` }
  const first = await lango.started({ ...simulator, ...callback })
  const said =
    /From the MPESA_ settings:\n +Merchant +main\n +Account +paybill 174379, simulator\n +Key +(sk_test_\S+)\n/
  const [, key] = said.exec(first.said()) ?? assert.fail(first.said())
  const asked = await lango.call('POST', '/v1/payments', { amount: 70, phone: '0708374149' }, key)
  let evidence: any[] = []
  await until(async () => {
    evidence = (await lango.call('GET', `/v1/payments/${asked.data.id}/evidence`, undefined, key)).data
    return evidence.some(({ source }) => source === 'callback')
  })
  assert.equal(await first.end(), 0)

  await lango.run(['merchants', 'rename', 'main', 'Duka Kuu'])
  const next = await lango.started({ ...simulator, ...callback })
  assert.match(next.said(), new RegExp(`Merchant +Duka Kuu\n +Account +paybill 174379, simulator\n +Key +${key}\n`))
  assert.equal((await lango.call('GET', '/v1/merchant', undefined, key)).data.name, 'Duka Kuu')
})

test('a live account is set by settings, shown its key once, corrected on the machine, and needs its address at every start', async () => {
  const lango = await node({ PUBLIC_URL: 'https://pay.shop.example' })
  const live = { ...account, MPESA_BUSINESS_SHORT_CODE: '600999', MPESA_ENVIRONMENT: 'live' }
  const first = await lango.started(live)
  assert.match(first.said(), /Account +paybill 600999, live\n +Key +sk_live_\S+ +\(shown this once; keep it\)\n/)
  assert.match(first.said(), /An account is live: neither the simulator nor the demo merchant was started\./)
  assert.match(first.said(), /Callbacks +https:\/\/pay\.shop\.example\/v1\/in\/…\n/)
  await assert.rejects(fetch(lango.simulatorUrl))

  const merchant = ['--merchant', 'Duka Kuu']
  const corrected = await lango.run([
    'merchants',
    'provider',
    'mpesa',
    ...merchant,
    '--passkey',
    'the-right-passkey',
    '--json',
  ])
  assert.equal(corrected.code, 0, corrected.remark)
  const { config_summary } = JSON.parse(corrected.answer)
  assert.deepEqual([config_summary.env, config_summary.passkey], ['live', '****skey'])
  const shown = await lango.run(['merchants', 'provider', 'mpesa', ...merchant])
  assert.match(shown.answer, /^acc_[0-9a-f]{32}\n +env +live\n +shortcode +600999\n/)

  const branch = ['merchants', 'provider', 'mpesa', ...merchant, '--account', 'Westlands']
  const secrets = ['--consumer-key', 'k', '--consumer-secret', 's', '--passkey', 'p']
  const added = await lango.run([...branch, '--env', 'live', '--shortcode', '600998', ...secrets])
  assert.match(added.answer, /^Set: acc_[0-9a-f]{32}\n +env +live\n +shortcode +600998\n/, added.remark)
  const moved = await lango.run([...branch, '--shortcode', '600997'])
  assert.deepEqual([moved.code, /keeps its env, shortcode and till/.test(moved.remark)], [2, true])
  assert.equal((await lango.run([...branch, '--end'])).code, 0)
  const first600999 = await lango.run(['merchants', 'provider', 'mpesa', ...merchant, '--json'])
  assert.equal(JSON.parse(first600999.answer).config_summary.shortcode, '600999', 'and the default one is what it was')
  assert.equal(await first.end(), 0)

  const again = await lango.started(live)
  assert.match(
    again.said(),
    /Key +shown at its first start\. Another: lango keys create --merchant 'Duka Kuu' --scopes \S+ --live\n/,
  )
  assert.equal(await again.end(), 0)

  const deaf = await lango.run(['start'], { PUBLIC_URL: 'http://pay.shop.example' })
  assert.equal(deaf.code, 1)
  assert.match(
    deaf.remark,
    /^The account 600999 of Duka Kuu is live, and http:\/\/pay\.shop\.example is not https: .*Set PUBLIC_URL/,
  )
})
