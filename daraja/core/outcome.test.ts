import assert from 'node:assert/strict'
import test from 'node:test'
import { failedFetch, recorded, scriptedDaraja } from '../fixtures/gateway.ts'
import type { Line } from '../fixtures/gateway.ts'
import { stkPush } from '../stk-push.ts'
import type { StkPush } from '../stk-push.ts'

const push: StkPush = {
  shortcode: '174379',
  passkey: 'bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919',
  type: 'paybill',
  amount: 1,
  phone: '254708374149',
  accountReference: 'INV-7',
  description: 'Shoes',
  callbackUrl: 'https://shop.example/in/1f2e',
}

const body = (text: string, status = 200): Line => ({ status, body: text })
const accepted = '{"MerchantRequestID":"1-2-3","CheckoutRequestID":"ws_CO_1","ResponseCode":"0"}'

const outcomes: [string, Line, 'accepted' | 'refused' | 'unknown', string?][] = [
  ['200 with code 0 and the ids', recorded('stk-push.accepted.json'), 'accepted'],
  ['200 with no descriptions', body(accepted), 'accepted'],
  ['200 with code 1', body(accepted.replace('"0"', '"1"')), 'unknown', 'not_accepted'],
  ['200 without a code', body(accepted.replace(',"ResponseCode":"0"', '')), 'unknown', 'not_accepted'],
  ['200 without the ids', body('{"ResponseCode":"0"}'), 'unknown', 'not_accepted'],
  ['200 with an errorCode', recorded('stk-query.flake.json'), 'unknown', 'not_accepted'],
  ['200 with a refusing errorCode', recorded('stk-push.refused.wrong-credentials.json'), 'unknown', 'not_accepted'],
  ['200 with HTML', recorded('gateway.503.html'), 'unknown', 'unreadable'],
  ['200 with nothing', body(''), 'unknown', 'unreadable'],
  ['200 cut short', body(accepted.slice(0, 40)), 'unknown', 'unreadable'],
  ['200 with a list', body('[]'), 'unknown', 'unreadable'],
  ['201 with an acceptance', body(accepted, 201), 'unknown', 'not_accepted'],
  ['302', body('', 302), 'unknown', 'unreadable'],
  ['400 with an envelope', recorded('stk-push.refused.invalid-short-code.json', 400), 'refused', '400.002.02'],
  ['400 with nothing', body('', 400), 'refused', 'http_400'],
  ['403 with HTML', recorded('gateway.403.html', 403), 'refused', 'http_403'],
  ['404 with an envelope', recorded('gateway.not-found.json', 404), 'refused', '404.001.01'],
  ['405 with an envelope', recorded('gateway.method.json', 405), 'refused', '405.001'],
  ['408', body('', 408), 'unknown', 'unreadable'],
  ['429', body('', 429), 'refused', 'http_429'],
  [
    '500 Merchant does not exist',
    recorded('stk-push.refused.merchant-does-not-exist.json', 500),
    'refused',
    '500.001.1001',
  ],
  ['500 Wrong credentials', recorded('stk-push.refused.wrong-credentials.json', 500), 'refused', '500.001.1001'],
  [
    '500 [MerchantValidate]',
    recorded('stk-push.refused.merchant-validate-wrong-credentials.json', 500),
    'refused',
    '500.001.1001',
  ],
  ['500 Unable to lock', recorded('stk-push.refused.unable-to-lock-subscriber.json', 500), 'refused', '500.001.1001'],
  ['500 without words', recorded('stk-query.flake.json', 500), 'unknown', 'server_error'],
  ['500 being processed', recorded('stk-query.being-processed.json', 500), 'unknown', 'server_error'],
  ['500 spike arrest', recorded('gateway.spike-arrest.json', 500), 'refused', '500.003.02'],
  ['500 busy', recorded('gateway.busy.json', 500), 'refused', '500.003.02'],
  ['500 quota', recorded('gateway.quota.json', 500), 'refused', '500.003.03'],
  ['503 spike arrest', recorded('gateway.spike-arrest.json', 503), 'refused', '500.003.02'],
  ['500 internal error', recorded('gateway.internal-error.json', 500), 'unknown', 'server_error'],
  ['500 with a 4xx code', recorded('stk-push.refused.invalid-short-code.json', 500), 'unknown', 'server_error'],
  ['500 with a fault', recorded('gateway.fault.json', 500), 'unknown', 'server_error'],
  ['500 with nothing', body('', 500), 'unknown', 'server_error'],
  ['503 with HTML', recorded('gateway.503.html', 503), 'unknown', 'server_error'],
  ['connection refused', failedFetch({ code: 'ECONNREFUSED' }), 'refused', 'not_sent'],
  ['no such host', failedFetch({ code: 'ENOTFOUND' }), 'refused', 'not_sent'],
  ['no name server', failedFetch({ code: 'EAI_AGAIN' }), 'refused', 'not_sent'],
  ['connect timed out', failedFetch({ code: 'UND_ERR_CONNECT_TIMEOUT' }), 'refused', 'not_sent'],
  ['host unreachable at connect', failedFetch({ code: 'EHOSTUNREACH', syscall: 'connect' }), 'refused', 'not_sent'],
  ['host unreachable later', failedFetch({ code: 'EHOSTUNREACH', syscall: 'read' }), 'unknown', 'connection_lost'],
  ['bad certificate', failedFetch({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'refused', 'not_sent'],
  ['connection cut', failedFetch({ code: 'ECONNRESET', syscall: 'read' }), 'unknown', 'connection_lost'],
  ['other side closed', failedFetch({ code: 'UND_ERR_SOCKET' }), 'unknown', 'connection_lost'],
  ['time-out', new DOMException('The operation timed out.', 'TimeoutError'), 'unknown', 'timeout'],
  ['something else', new Error('out of memory'), 'unknown', 'connection_lost'],
]

for (const [situation, line, kind, detail] of outcomes) {
  test(`${situation} is ${kind}`, async () => {
    const { daraja, seen } = scriptedDaraja({ api: [line] })
    const outcome = await stkPush(daraja, push)
    assert.equal(outcome.kind, kind)
    if (outcome.kind === 'refused') assert.equal(outcome.code, detail)
    if (outcome.kind === 'unknown') assert.equal(outcome.cause, detail)
    if (!(line instanceof Error)) assert.equal(outcome.raw, line.body)
    assert.equal(seen.length, 1, 'Nothing but a refused token is sent twice.')
  })
}

test('all addresses of a host refuse the connection: nothing was sent', async () => {
  const refusals = ['ECONNREFUSED', 'ECONNREFUSED'].map((code) => Object.assign(new Error(code), { code }))
  const error = new TypeError('fetch failed', { cause: new AggregateError(refusals) })
  const outcome = await stkPush(scriptedDaraja({ api: [error] }).daraja, push)
  assert.equal(outcome.kind === 'refused' && outcome.code, 'not_sent')
})

test('a body that breaks off leaves a 200 unknown, and a 400 refused', async () => {
  const broken = (status: number) => () => {
    const stream = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) })
    return Promise.resolve(new Response(stream, { status }))
  }
  const tokenStore = {
    read: () => Promise.resolve({ value: 'token', expiresAt: new Date('2030-01-01') }),
    mint: () => Promise.reject(new Error('not needed')),
  }
  const send = (status: number) => stkPush(scriptedDaraja({}, { fetch: broken(status), tokenStore }).daraja, push)
  assert.equal((await send(200)).kind, 'unknown')
  assert.equal((await send(400)).kind, 'refused')
})

test('a request that gets no answer in its time is unknown', async () => {
  const tokenStore = {
    read: () => Promise.resolve({ value: 'token', expiresAt: new Date('2030-01-01') }),
    mint: () => Promise.reject(new Error('not needed')),
  }
  const silent = (_url: string, init: RequestInit) =>
    new Promise<Response>((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      setTimeout(() => undefined, 50)
    })
  const outcome = await stkPush(scriptedDaraja({}, { fetch: silent, tokenStore, timeoutMs: 5 }).daraja, push)
  assert.equal(outcome.kind === 'unknown' && outcome.cause, 'timeout')
})

test('a refusal carries advice for the developer', async () => {
  const { daraja } = scriptedDaraja({ api: [recorded('stk-push.refused.wrong-credentials.json', 500)] })
  const outcome = await stkPush(daraja, push)
  assert.equal(outcome.kind === 'refused' && outcome.message, 'Wrong credentials')
  assert.match((outcome.kind === 'refused' && outcome.advice) || '', /passkey/)
})
