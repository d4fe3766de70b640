import assert from 'node:assert/strict'
import test from 'node:test'
import { checkout } from '../checkout.ts'
import { bill } from '../fixtures/bill.ts'
import { readFixture } from '../fixtures/fixture.ts'
import { failedFetch, recorded, scriptedPesaflow } from '../fixtures/gateway.ts'
import type { Line } from '../fixtures/gateway.ts'
import { sendStk } from '../send-stk.ts'

const body = (text: string, status = 200): Line => ({ status, body: text })
const accepted = readFixture('checkout.accepted.json')
const without = (name: string) => accepted.replace(`"${name}"`, '"other"')

const outcomes: [string, Line, 'accepted' | 'refused' | 'unknown', string?][] = [
  ['200 with number and page', recorded('checkout.accepted.json'), 'accepted'],
  ['201 with number and page', body(accepted, 201), 'accepted'],
  ['200 with a byte order mark before it', body(`\uFEFF${accepted}`), 'accepted'],
  ['200 without a number', body(without('invoice_number')), 'unknown', 'not_accepted'],
  ['200 without a page', body(without('invoice_link')), 'unknown', 'not_accepted'],
  ['200 with a page that is a script', body(accepted.replace('https:', 'javascript:')), 'unknown', 'not_accepted'],
  ['200 with a refusal', recorded('checkout.refused.already-paid.json'), 'unknown', 'not_accepted'],
  ['200 with HTML', recorded('checkout.page.html'), 'unknown', 'unreadable'],
  ['200 with nothing', body(''), 'unknown', 'unreadable'],
  ['200 cut short', body(accepted.slice(0, 40)), 'unknown', 'unreadable'],
  ['200 with a list', body('[]'), 'unknown', 'unreadable'],
  ['302', body('', 302), 'unknown', 'unreadable'],
  ['400 with nothing', body('', 400), 'refused', 'http_400'],
  ['401 with words', recorded('oauth.refused.json', 401), 'refused', 'http_401'],
  ['403 with HTML', body('<html></html>', 403), 'refused', 'http_403'],
  ['404 with HTML', body('<html></html>', 404), 'refused', 'http_404'],
  ['408', body('', 408), 'unknown', 'unreadable'],
  ['422 already paid', recorded('checkout.refused.already-paid.json', 422), 'refused', 'already_paid'],
  ['422 invalid fields', recorded('checkout.refused.invalid-fields.json', 422), 'refused', 'invalid_fields'],
  ['422 invalid hash', recorded('checkout.refused.invalid-hash.json', 422), 'refused', 'invalid_hash'],
  ['422 with HTML', recorded('checkout.page.html', 422), 'refused', 'http_422'],
  ['422 in words not known', body('{"error":"no such service"}', 422), 'refused', 'http_422'],
  ['429', body('', 429), 'refused', 'http_429'],
  ['500 with a refusal', recorded('checkout.refused.already-paid.json', 500), 'unknown', 'server_error'],
  ['500 with an acceptance', body(accepted, 500), 'unknown', 'server_error'],
  ['502 with HTML', recorded('gateway.502.html', 502), 'unknown', 'server_error'],
  ['connection refused', failedFetch({ code: 'ECONNREFUSED' }), 'refused', 'not_sent'],
  ['no such host', failedFetch({ code: 'ENOTFOUND' }), 'refused', 'not_sent'],
  ['bad certificate', failedFetch({ code: 'CERT_HAS_EXPIRED' }), 'refused', 'not_sent'],
  ['connection cut', failedFetch({ code: 'ECONNRESET', syscall: 'read' }), 'unknown', 'connection_lost'],
  ['time-out', new DOMException('The operation timed out.', 'TimeoutError'), 'unknown', 'timeout'],
  ['something else', new Error('out of memory'), 'unknown', 'connection_lost'],
]

for (const [situation, line, kind, detail] of outcomes) {
  test(`${situation} is ${kind}`, async () => {
    for (const ask of [checkout, sendStk]) {
      const { pesaflow, seen } = scriptedPesaflow({ api: [line] })
      const outcome = await ask(pesaflow, bill)
      assert.equal(outcome.kind, kind)
      if (outcome.kind === 'refused') assert.equal(outcome.code, detail)
      if (outcome.kind === 'unknown') assert.equal(outcome.cause, detail)
      if (!(line instanceof Error)) assert.equal(outcome.raw?.replace(/^\uFEFF/, ''), line.body.replace(/^\uFEFF/, ''))
      assert.equal(seen.length, 1, 'No bill is sent twice.')
    }
  })
}

test('a refusal carries advice for the developer', async () => {
  for (const name of ['already-paid', 'invalid-fields', 'invalid-hash']) {
    const outcome = await checkout(
      scriptedPesaflow({ api: [recorded(`checkout.refused.${name}.json`, 422)] }).pesaflow,
      bill,
    )
    assert.ok(outcome.kind === 'refused' && outcome.advice && outcome.advice.length > 20, name)
  }
})

test('a refusal that repeats the request is shown without the payer and the hash', async () => {
  const line = recorded('checkout.refused.invalid-fields.json', 422)
  const outcome = await checkout(scriptedPesaflow({ api: [line] }).pesaflow, bill)
  assert.equal(outcome.kind === 'refused' && outcome.message, 'invalid params')
  assert.match(outcome.raw ?? '', /Jane Doe/)
})

test('a refusal whose body breaks off is a refusal, an acceptance is not known', async () => {
  const broken = (status: number) => () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })
    return Promise.resolve(new Response(stream, { status }))
  }
  const send = (status: number) => checkout(scriptedPesaflow({}, { fetch: broken(status) }).pesaflow, bill)
  assert.equal((await send(200)).kind, 'unknown')
  assert.equal((await send(422)).kind, 'refused')
})

test('a request that gets no answer in its time is unknown', async () => {
  const silent = (_url: string, init: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      setTimeout(() => undefined, 50)
    })
  const outcome = await checkout(scriptedPesaflow({}, { fetch: silent, timeoutMs: 5 }).pesaflow, bill)
  assert.equal(outcome.kind === 'unknown' && outcome.cause, 'timeout')
})
