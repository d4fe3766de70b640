import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CERTIFICATES } from '@lango/daraja/certificates'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { createContext } from '../create-context.ts'
import { sql } from '../database/sql.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { judgeArchiver } from './backups.ts'
import { examine } from './examine.ts'
import type { Finding } from './finding.ts'
import type { Reach } from './readiness.ts'

/** The finding whose name holds these words. */
async function find(context: Context, words: string, reach?: Reach): Promise<Finding> {
  const found = (await examine(context, reach)).filter(({ name }) => name.includes(words))
  assert.equal(found.length, 1, words)
  return found[0]!
}

/** The same installation, set otherwise. */
function set({ context }: Story, config: Partial<Config>): Context {
  return createContext({ ...context, config: { ...context.config, ...config } })
}

/** One payment of the shop, paid. */
async function sell(told: Story): Promise<void> {
  const { id } = await told.pay()
  told.simulator.phones.get('0712345678').approve()
  await told.payment(id)
  await told.advance('3 minutes')
}

test('an address of this machine is never one that Safaricom reaches, and with real money it must be fixed', async () => {
  const publicUrl = 'http://localhost:4000'
  for (const [environment, state] of [
    ['simulator', 'unknown'],
    ['sandbox', 'fix'],
    ['live', 'fix'],
  ] as const)
    await story({ environment }, async (told) => {
      for (const words of ['the address for callbacks: it is https', 'payers can be sent to PUBLIC_URL']) {
        const found = await find(set(told, { publicUrl }), words)
        assert.equal(found.state, state, `${environment}: ${words}`)
        assert.match(found.examples[0]!, /http:\/\/localhost:4000 is known to this machine or network only/)
      }
      assert.equal((await find(told.context, 'payers can be sent')).state, 'ok')
    })
})

test('a word that Safaricom refuses is found in the address for callbacks, whoever the accounts are with', () =>
  story({}, async (told) => {
    const context = set(told, { callbackBaseUrl: 'https://mpesa.shop.example' })
    const { state, examples } = await find(context, 'without a forbidden word')
    assert.equal(state, 'fix')
    assert.deepEqual(examples, ['https://mpesa.shop.example holds the word mpesa, which Safaricom refuses.'])
  }))

test('whether Safaricom reaches this server shows when it has, and silence after payments is a firewall', () =>
  story({ environment: 'sandbox' }, async (told) => {
    const words = 'callbacks of Safaricom come through'
    const before = await find(told.context, words)
    assert.equal(before.state, 'unknown')
    assert.match(before.examples[0]!, /nobody can tell/)
    for (const _ of [1, 2, 3]) await sell(told)
    const heard = await find(told.context, words)
    assert.equal(heard.state, 'ok')
    assert.match(heard.examples[0]!, /^174379 \(sandbox\): the last came at 2026-11-20T/)
    await told.context.database.query(sql`delete from evidence where source = 'callback'`)
    const silent = await find(told.context, words)
    assert.equal(silent.state, 'fix')
    assert.match(silent.examples[0]!, /none came for the last 3 payments/)
    assert.match(silent.advice, /firewall/)
  }))

test('callbacks that come by a proxy that nobody named are noticed where they have no power', () =>
  story({ environment: 'live' }, async (told) => {
    const { id } = await told.pay()
    told.simulator.phones.get('0712345678').approve()
    await told.payment(id)
    await told.advance('1 hour')
    await told.sweep('checks')
    await told.payment(id)
    await told.context.database.query(sql`update callbacks set source_address = '10.0.0.3'`)
    const { state, examples } = await find(told.context, 'callbacks of Safaricom come through')
    assert.equal(state, 'fix', examples.join())
    assert.match(examples[0]!, /10\.0\.0\.3, .*TRUSTED_PROXIES/)
  }))

test('a till number where the store number belongs is noticed, before a payment and after', () =>
  story({ environment: 'sandbox' }, async (told) => {
    const { database } = told.context
    const words = 'short code, store number and till go together'
    assert.equal((await find(told.context, words)).state, 'unknown')
    await told.pay()
    told.simulator.phones.get('0712345678').cancel()
    await told.simulator.settled()
    await database.query(sql`update payments set failure_provider_code = 'SFC_IC0003'`)
    const failed = await find(told.context, words)
    assert.equal(failed.state, 'fix')
    assert.match(failed.examples[0]!, /1 of its last payments failed with 2028 or SFC_IC0003/)
    await told.advance('3 minutes')
    await sell(told)
    assert.equal((await find(told.context, words)).state, 'ok')
    await database.query(sql`update provider_accounts set till = shortcode, type = 'till'`)
    const same = await find(told.context, words)
    assert.equal(same.state, 'fix')
    assert.match(same.examples[0]!, /the till number stands where the store number belongs/)
  }))

test('a short code that M-Pesa does not know, and a kind that it does not take, are noticed where nobody could pay', async () => {
  const words = 'short code, store number and till go together'
  await story({ environment: 'sandbox' }, async (told) => {
    const { database } = told.context
    await database.query(sql`update provider_accounts set type = 'till', till = '5551001'`)
    const paybill = await find(told.context, words)
    assert.equal(paybill.state, 'fix')
    assert.match(paybill.examples[0]!, /174379 is a paybill of the sandbox, and no store/)
    const kind = await told.pay()
    assert.match(kind.failure?.message ?? '', /M-Pesa does not take this kind of payment for the short code/)
    await database.query(sql`update provider_accounts set type = 'paybill', till = null`)
    assert.match((await find(told.context, words)).examples[0]!, /1 of its last payments/)
  })
  await story({ environment: 'sandbox' }, async (told) => {
    told.simulator.organisations.set('174379', { type: 'till', store: '7001001' })
    const { failure } = await told.pay()
    assert.match(failure?.message ?? '', /M-Pesa does not know the short code. A till is set up with its store number/)
    const found = await find(told.context, words)
    assert.equal(found.state, 'fix')
    assert.match(found.examples[0]!, /1 of its last payments/)
  })
})

test('live accounts have credentials, an operator and C2B of their own; of others nothing is said', async () => {
  const names = ['credentials of their own', 'an API operator', '(C2B)']
  await story({}, async (told) => {
    for (const name of names) {
      const { state, examples } = await find(told.context, name)
      assert.deepEqual([state, examples], ['unknown', ['No account is live yet.']])
    }
  })
  await story({ environment: 'live', operator: {} }, async (told) => {
    const [passkey, operator, c2b] = await Promise.all(names.map((name) => find(told.context, name)))
    assert.match(passkey!.examples[0]!, /has the passkey of the sandbox/)
    assert.match(operator!.examples[0]!, /has no API operator/)
    assert.match(c2b!.examples[0]!, /is not registered/)
    for (const { state } of [passkey!, operator!, c2b!]) assert.equal(state, 'fix')
  })
})

test('an operator is right once it has worked, and wrong when M-Pesa said so', () =>
  story({ environment: 'live' }, async (told) => {
    const { context } = told
    const name = 'an API operator'
    assert.equal((await find(context, name)).state, 'unknown')
    await context.database.query(sql`update provider_accounts set balance_at = ${context.clock.now()}`)
    assert.equal((await find(context, name)).state, 'ok')
    await told.advance('91 days')
    assert.match((await find(context, name)).examples[0]!, /90 days/)
    await context.database.query(sql`update provider_accounts set balance_problem = 'Wrong password.'`)
    const refused = await find(context, name)
    assert.deepEqual([refused.state, /Wrong password\./.test(refused.examples[0]!)], ['fix', true])
  }))

test('with another secret key the doctor says so, and that it could look at no account', () =>
  story({ environment: 'live' }, async (told) => {
    const secretKeys = { current: Buffer.alloc(32, 8), previous: [] }
    const context = set(told, { secretKeys })
    const key = await find(context, 'the secret key is the one')
    assert.equal(key.state, 'fix')
    assert.deepEqual(key.examples, ['1 account does not open with it.'])
    const credentials = await find(context, 'credentials of their own')
    assert.equal(credentials.state, 'unknown')
    assert.match(credentials.examples[0]!, /do not open with this secret key/)
  }))

test('nobody is asked unless that is asked for, and that is said', () =>
  story({ environment: 'sandbox' }, async (told) => {
    const fetch = () => assert.fail('somebody was asked')
    const findings = await examine(createContext({ ...told.context, fetch }))
    const unasked = findings.filter(({ examples }) => examples.includes('Not asked: lango doctor --ask does.'))
    assert.equal(unasked.length, 4)
    assert.ok(unasked.every(({ state }) => state === 'unknown'))
  }))

test('asked to, it goes the way that a callback goes', () =>
  story({}, async (told) => {
    const answers: [answer: () => Promise<Response>, problem: RegExp | undefined][] = [
      [async () => Response.json({ status: 'ok' }), undefined],
      [async () => new Response('', { status: 502 }), /answers 502/],
      [() => Promise.reject(new TypeError('fetch failed', { cause: new Error('certificate has expired') })), /expired/],
    ]
    for (const [fetch, problem] of answers) {
      const context = createContext({ ...told.context, fetch })
      const { state, examples } = await find(context, 'leads to a running Lango', { ask: true })
      assert.equal(state, problem ? 'fix' : 'ok')
      if (problem) assert.match(examples[0]!, problem)
    }
  }))

test("asked to, it compares the clock with Safaricom's", () =>
  story({ environment: 'sandbox' }, async (told) => {
    const words = "agrees with Safaricom's"
    for (const [headers, state] of [
      [{ Date: 'Fri, 20 Nov 2026 11:30:07 GMT' }, 'ok'],
      [{ Date: 'Fri, 20 Nov 2026 11:36:00 GMT' }, 'fix'],
      [{}, 'unknown'],
    ] as const) {
      const fetch = async () => new Response('', { status: 403, headers: headers as Record<string, string> })
      const found = await find(createContext({ ...told.context, fetch }), words, { ask: true })
      assert.equal(found.state, state)
    }
  }))

test('asked to, it tries whether each account gets an access token', () =>
  story({}, async (told) => {
    const name = 'every account gets an access token'
    assert.equal((await find(told.context, name, { ask: true })).state, 'ok')
    const fetch = () => Promise.reject(new TypeError('fetch failed'))
    await told.context.database.query(sql`update provider_accounts set access_token = null`)
    const cut = await find(createContext({ ...told.context, fetch }), name, { ask: true })
    assert.equal(cut.state, 'fix')
    assert.match(cut.examples[0]!, /^174379 \(simulator\)/)
  }))

test('certificates are found in their folder, judged and named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lango-certs-'))
  try {
    await story({}, async (told) => {
      const look = () => find(told.context, "Safaricom's certificate", { certificates: folder })
      const none = await look()
      assert.equal(none.state, 'ok')
      assert.match(none.examples[0]!, /^There is none in certs\/\. .*apigee\.apicaller\.safaricom\.co\.ke/)
      writeFileSync(join(folder, 'ProductionCertificate.cer'), CERTIFICATES.production)
      const found = await look()
      assert.equal(found.state, 'ok')
      assert.match(
        found.examples[0]!,
        /^certs\/ProductionCertificate\.cer is the one that Safaricom published for production, and is still what it uses: apigee\.apicaller\.safaricom\.co\.ke, RSA 2048, dated 2017-04-25 to 2018-03-21,/,
      )
      const other = await (await told.simulator.fetch(new Request('http://daraja.test/_/certificate'))).text()
      writeFileSync(join(folder, 'another.pem'), other)
      const unknown = await look()
      assert.equal(unknown.state, 'unknown')
      assert.match(unknown.examples[0]!, /^certs\/another\.pem is none that Safaricom is known .*lango-simulator/)
      await told.advance('4000 days')
      assert.match((await look()).examples[0]!, /^certs\/another\.pem .* not valid today/)
      writeFileSync(join(folder, 'broken.cer'), 'Not Found')
      const broken = await look()
      assert.equal(broken.state, 'fix')
      assert.ok(broken.examples.includes('certs/broken.cer is no certificate.'))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('backups are judged by the archive of the database, and without one nobody can tell', async () => {
  const day = (date: number) => new Date(Date.UTC(2026, 10, date))
  const judge = (mode: string, archived: number | null, failed: number | null) =>
    judgeArchiver({ mode, archived_at: archived && day(archived), failed_at: failed && day(failed) } as never, day(19))
  assert.match(judge('off', null, null).unknown![0]!, /cannot be seen from here/)
  assert.match(judge('on', 20, 18).right![0]!, /archived at 2026-11-20/)
  assert.match(judge('on', 18, 20).wrong![0]!, /fails since 2026-11-20/)
  assert.match(judge('on', 3, null).unknown![0]!, /for a day/)
  await story({}, async (told) => assert.equal((await find(told.context, 'backups are recent')).state, 'unknown'))
})
