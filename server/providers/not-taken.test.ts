import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Refused as DarajaRefused } from '@lango/daraja'
import { enable, send } from '../../testing/payouts.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createLog } from '../log.ts'
import { makeToken } from '../token.ts'
import { notAccepted } from './mpesa/outcome.ts'

/** A line to Daraja that can be cut: what is sent then has never left. */
function createLine() {
  let isCut = false
  return {
    cut: () => (isCut = true),
    mend: () => (isCut = false),
    fetch: (toDaraja: typeof fetch): typeof fetch =>
      async function fetch(input, init) {
        if (!isCut) return toDaraja(input, init)
        const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4010'), { code: 'ECONNREFUSED' })
        throw new TypeError('fetch failed', { cause: Object.assign(cause, { syscall: 'connect' }) })
      },
  }
}

const unreachable = 'M-Pesa could not be reached, so nothing was sent. Try again in a minute.'

/** The shop has been paid before, so that there is an access token, and something to refund. */
async function paidOnce(told: Story): Promise<any> {
  const { id } = await told.pay({ phone: '254708374149', amount: 60 })
  return told.payment(id)
}

test('whoever could not be reached has refused nothing', () => {
  const line = createLine()
  return story({ wrap: { fetch: line.fetch } }, async (told) => {
    const { provider_receipt } = await paidOnce(told)
    line.cut()
    for (const [method, path, body] of [
      ['POST', '/v1/mpesa/c2b/register', undefined],
      ['POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' }],
      ['POST', `/v1/payments/mpesa/check-status/${provider_receipt}`, undefined],
      ['POST', '/v1/mpesa/balance', undefined],
    ] as const) {
      const answer = await told.call(method, path, body)
      assert.deepEqual([answer.status, answer.body.error.code], [503, 'provider_unavailable'], path)
      assert.equal(answer.body.error.message, unreachable)
    }
  })
})

test('a payment, refund or payout that could not be sent has failed, and says that nothing was sent', () => {
  const line = createLine()
  return story({ wrap: { fetch: line.fetch } }, async (told) => {
    await enable(told)
    const paid = await paidOnce(told)
    line.cut()
    const payment = await told.pay({ phone: '0712000077' })
    const refund = (await told.call('POST', '/v1/refunds', { payment_id: paid.id, amount: 10 })).body.data
    for (const made of [payment, refund, await send(told)]) {
      assert.equal(made.status, 'failed')
      assert.deepEqual(made.failure, { code: 'refused', message: unreachable, provider_code: null })
    }
  })
})

test('the records are asked for again, when M-Pesa could not be reached', () => {
  const line = createLine()
  return story({ wrap: { fetch: line.fetch } }, async (told) => {
    await paidOnce(told)
    await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
    line.cut()
    const { body } = await told.call('POST', '/v1/reconciliation/runs')
    assert.deepEqual([body.data.status, body.data.problem], ['running', unreachable])
    line.mend()
    await told.advance('2 min')
    await told.sweep('reconciliation')
    assert.equal((await told.call('GET', `/v1/reconciliation/runs/${body.data.id}`)).body.data.status, 'completed')
    assert.equal((await told.call('GET', '/v1/reconciliation/mpesa')).body.data.problem, null)
  })
})

test('what Lango itself does not send is no refusal, and says why without a token or advice for programmers', () =>
  story({ environment: 'live' }, async (told) => {
    // In production Safaricom takes no address without https, and this installation has none.
    told.context.config.darajaUrls.live = 'https://api.safaricom.co.ke'
    told.context.config.publicUrl = 'http://lango.test'
    const payment = await told.pay()
    assert.equal(payment.status, 'failed')
    assert.match(payment.failure.message, /^Nothing was sent to M-Pesa, which would refuse it: .*https address/)
    const registered = await told.call('POST', '/v1/mpesa/c2b/register')
    assert.deepEqual([registered.status, registered.body.error.code], [422, 'not_supported_in_environment'])
    const evidence = (await told.call('GET', `/v1/payments/${payment.id}/evidence`)).body.data
    for (const said of [payment.failure, registered.body.error, evidence])
      assert.doesNotMatch(JSON.stringify(said), /[0-9a-f]{40}|sendAnyway|base URL/)
  }))

const refused = (code: string, message: string, status?: number): DarajaRefused => ({
  kind: 'refused',
  code,
  message,
  status,
  advice: 'Pass { sendAnyway: true } to the client.',
  raw: '',
})

const words: [outcome: DarajaRefused, said: string][] = [
  [refused('500.001.1001', 'Merchant does not exist', 500), 'M-Pesa does not know the short code.'],
  [refused('500.001.1001', '[MerchantValidate] - Wrong credentials', 500), 'M-Pesa refused the passkey:'],
  [refused('500.001.1001', 'Unable to lock subscriber', 500), 'Another request is open on this phone.'],
  [refused('401.003.01', 'Error Occurred - Invalid Access Token - abc', 401), 'M-Pesa refused the access token,'],
  [refused('500.003.02', 'Error Occurred: Spike Arrest Violation', 500), 'M-Pesa takes no more requests'],
  [refused('token_refused', 'Safaricom answered HTTP 400', 400), 'M-Pesa refused the consumer key and secret.'],
  [refused('token_unavailable', 'No access token could be had'), 'M-Pesa gave no access token, so nothing was sent.'],
  [
    refused('400.002.02', 'Bad Request - Invalid Amount', 400),
    'M-Pesa refused the request: "Bad Request - Invalid Amount".',
  ],
  [
    refused('http_403', 'HTTP 403 with an HTML page', 403),
    'M-Pesa refused the request with HTTP 403, and gave no reason.',
  ],
]

test('each refusal is told in a sentence for a merchant', () => {
  for (const [outcome, said] of words) {
    const { message } = notAccepted(outcome)
    assert.ok(message.startsWith(said), `${message} does not begin with ${said}`)
    assert.match(message, /\.$/)
    assert.doesNotMatch(message, /sendAnyway/)
  }
})

test('a log shows of a token its first eight characters, whoever speaks of it', () =>
  story({}, async ({ context, merchant }) => {
    const lines: string[] = []
    const log = createLog('info', { write: (line) => void lines.push(line) })
    const subject = { provider: 'mpesa', kind: 'payment', merchant_id: merchant.id, subject_id: merchant.id } as const
    const token = makeToken(context.config.secretKeys, subject)
    log.error({ error: new Error(`duplicate key (c2b_token)=(${token})`), path: `/v1/in/${token}` }, `At ${token}.`)
    assert.ok(!lines.join().includes(token))
    assert.equal(lines.join().split(`${token.slice(0, 8)}…`).length, 5)
  }))
