import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createKey } from '../server/access/key.ts'
import { raw } from '../server/database/sql.ts'
import { examine } from '../server/doctor/examine.ts'
import { createLog } from '../server/log.ts'
import { createNode } from '../server/node.ts'
import { sandboxPasskey } from '../simulator/index.ts'
import { signInAs, storyPassword } from './signed-in.ts'
import { listenForSpans, wordsOf } from './spans.ts'
import type { Spans } from './spans.ts'
import { publicUrl, story } from './story.ts'
import type { Story } from './story.ts'
import { visitorOf } from './visitor.ts'

let spans: Spans
before(() => {
  spans = listenForSpans()
})

const planted = {
  consumer_key: 'Pk7mConsumerKeyThatWasPlanted',
  consumer_secret: 'Ps9qConsumerSecretThatWasPlanted',
  passkey: sandboxPasskey,
  initiator: 'testapi',
  security_credential: `${'Cr3dential'.repeat(34)}AA==`,
}
const header = 'Bearer h34derThatWasPlanted'

/** What is told to M-Pesa, and what it says of it when it is in a bad way: all of it, once more. */
function gossip(said: string[]) {
  return (ask: typeof fetch): typeof fetch =>
    async (input, init) => {
      const request = new Request(input, init)
      const body = await request.clone().text()
      said.push(request.headers.get('authorization') ?? '', ...Object.values(readObject(body)).map(String))
      const spoken = `${request.headers.get('authorization')} ${body}`
      if (body.includes('"Amount":"13"') || body.includes('"Amount":13,'))
        return Response.json(
          { requestId: '1', errorCode: '400.002.02', errorMessage: `Bad Request - ${spoken}` },
          { status: 400 },
        )
      if (body.includes('"Amount":"14"') || body.includes('"Amount":14,'))
        return new Response(`<html>Bad gateway ${spoken}</html>`, { status: 502 })
      if (body.includes('"Amount":"15"') || body.includes('"Amount":15,'))
        throw new TypeError(`fetch failed: ${spoken}`)
      return ask(input, init)
    }
}

function readObject(text: string): Record<string, unknown> {
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
}

/** Payments that end in every way, a refund, and a status that is asked for. */
async function trade(told: Story, answers: string[]): Promise<string> {
  const account = { provider: 'mpesa', mpesa: { env: 'simulator', shortcode: '174379', type: 'paybill', ...planted } }
  const set = await told.call('PUT', '/v1/merchant/providers/mpesa', account)
  assert.equal(set.status, 200, JSON.stringify(set.body))
  const hook = { url: 'https://shop.invalid/hook', headers: { 'X-Shop': header } }
  const endpoint = await told.call('POST', '/v1/webhook-endpoints', hook)
  const { app } = createNode(told.context)
  for (const amount of [13, 14, 15, 20]) {
    const order = { amount, phone: '0712345678', account_reference: `A${amount}` }
    const { data: payment } = (await told.call('POST', '/v1/payments', order)).body
    answers.push(JSON.stringify(payment))
    for (const part of ['', '/evidence'])
      answers.push(JSON.stringify(await told.call('GET', `/v1/payments/${payment.id}${part}`)))
    answers.push(await (await app.request(new URL(payment.checkout_url).pathname)).text())
  }
  const { id } = await told.pay({ amount: 50, phone: '0708374149' })
  const { provider_receipt } = await told.payment(id)
  answers.push(JSON.stringify(await told.call('POST', '/v1/refunds', { payment_id: id })))
  answers.push(JSON.stringify(await told.call('POST', `/v1/payments/mpesa/check-status/${provider_receipt}`)))
  await told.simulator.settled()
  await told.post('/v1/webhooks/mpesa', { nothing: 'of ours' })
  await told.sweep('deliveries')
  await told.advance('10 minutes')
  return endpoint.body.data.webhook_secret
}

const lists = 'payments refunds events deliveries webhook-endpoints merchant accounts audit/logs attention'.split(' ')
const pages = '/ /payments /developers /webhooks /audit /outbox /settings /account /sign-in'.split(' ')

/** Looks at every list and page, signs in wrongly, and asks with a key that is not right. */
async function lookAround(told: Story, answers: string[]): Promise<{ key: string; session: string }> {
  const { context, merchant } = told
  for (const path of lists) answers.push(JSON.stringify((await told.call('GET', `/v1/${path}`)).body))
  const owner = await signInAs(told, { role: 'owner' })
  for (const path of pages) answers.push((await owner.get(path)).text)
  const wrong = { email: 'owner@duka.example', password: `${storyPassword} no` }
  answers.push((await visitorOf(told).send('/sign-in', wrong)).text)
  const wanted = { merchant_id: merchant.id, name: 'other', mode: 'test', scopes: ['payments:read'] } as const
  const { key } = await createKey(context, { ...wanted, scopes: [...wanted.scopes] })
  const refused = await told.call('GET', '/v1/merchant', undefined, { 'X-API-Key': `${key}x` })
  answers.push(JSON.stringify(refused.body))
  return { key, session: owner.headers.Cookie.split('=')[1]! }
}

const tables = [
  'events',
  'deliveries',
  'delivery_attempts',
  'mails',
  'audit_log',
  'payments',
  'refunds',
  'sessions',
  'api_keys',
]

test('a secret that was planted is in no log, answer, page, event, delivery, mail, finding or trace, whatever goes wrong', async () => {
  const said: string[] = []
  await story({ wrap: { fetch: gossip(said) } }, async (told) => {
    const { context } = told
    const lines: string[] = []
    context.log = createLog('trace', { write: (line: string) => void lines.push(line) })
    const answers: string[] = []
    const webhook_secret = await trade(told, answers)
    const made = { webhook_secret, ...(await lookAround(told, answers)) }
    context.log.error(
      { error: new Error(`x ${publicUrl}/v1/in/${'ab12cd34'.repeat(14)}`), consumer_secret: planted.consumer_secret },
      'Said.',
    )
    const findings = JSON.stringify(await examine(context))
    const rows = await Promise.all(
      tables.map((table) => context.database.query(raw(`select row_to_json(t)::text as row from ${table} t`))),
    )

    const tokens = said.filter((text) => text.includes('/v1/in/')).map((url) => /[0-9a-f]{106,}/.exec(url)?.[0] ?? url)
    const passwords = said.filter((text) => text.startsWith('Basic ') || /^[A-Za-z0-9+/=]{60,}$/.test(text))
    const bearers = said.filter((text) => text.startsWith('Bearer '))
    assert.ok(tokens.length > 3 && passwords.length > 1 && bearers.length > 1, 'Something was said to M-Pesa.')
    const { initiator: _known, ...credentials } = planted
    const secrets = { ...credentials, header, api_key: told.merchant.key, ...made, password: storyPassword }
    const hidden = [
      ...Object.entries(secrets),
      ...[...tokens, ...passwords, ...bearers.map((text) => text.slice(7))].map(
        (text) => ['said to M-Pesa', text] as const,
      ),
    ]
    const traced = spans.told().map(wordsOf).join('\n')
    const places = {
      log: lines.join('\n'),
      answers: answers.join('\n'),
      findings,
      tables: JSON.stringify(rows),
      spans: traced,
    }
    const found = Object.entries(places).flatMap(([place, text]) =>
      hidden.flatMap(([name, secret]) => {
        const at = text.indexOf(secret)
        return at < 0 ? [] : [`${name} is in the ${place}: ${text.slice(Math.max(0, at - 160), at + 40)}`]
      }),
    )
    assert.deepEqual([...new Set(found)], [])
    assert.ok(answers.join().includes('[secret]'), 'M-Pesa repeated what it was told, and that was hidden.')
    assert.ok(lines.length > 0 && answers.length > 20 && spans.told().length > 100)
    assert.doesNotMatch(
      traced,
      /(?:0|254)7(?:12345678|08374149)|\bA20\b/,
      'A trace names no payer, and nothing that they said.',
    )
  })
})
