import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { failedFetch, recorded, scriptedDaraja } from './fixtures/gateway.ts'
import type { Line } from './fixtures/gateway.ts'
import { stkQuery } from './stk-query.ts'

const query = { shortcode: '174379', passkey: 'secret', checkoutRequestId: 'ws_CO_13012021093521236557' }

test('a query has the form of the portal’s sample', async () => {
  const { daraja, seen } = scriptedDaraja({ api: [recorded('stk-query.success.json')] })
  await stkQuery(daraja, query)
  assert.equal(seen[0]?.url, 'https://daraja.test/mpesa/stkpushquery/v1/query')
  assert.deepEqual(
    Object.keys(seen[0]?.body ?? {}),
    Object.keys(JSON.parse(readFixture('stk-query.request.json')) as object),
  )
})

test('a result code in an accepted query is a verdict', async () => {
  const verdicts = [
    ['success', '0'],
    ['cancelled', '1032'],
    ['unreachable', '1037'],
  ]
  for (const [name, code] of verdicts) {
    const answer = await stkQuery(scriptedDaraja({ api: [recorded(`stk-query.${name}.json`)] }).daraja, query)
    assert.equal(answer.kind, 'verdict')
    assert.equal(answer.kind === 'verdict' && answer.resultCode, code)
    assert.equal(answer.kind === 'verdict' && answer.merchantRequestId, '22205-34066-1')
  }
})

const success = readFixture('stk-query.success.json')
const nothings: [string, Line, 'processing' | 'refused' | 'unknown'][] = [
  ['still processing', recorded('stk-query.processing.json'), 'processing'],
  ['being processed', recorded('stk-query.being-processed.json', 500), 'unknown'],
  ['the random error', recorded('stk-query.flake.json', 500), 'unknown'],
  ['the random error with status 200', recorded('stk-query.flake.json'), 'unknown'],
  ['does not exist', recorded('stk-query.does-not-exist.json', 500), 'unknown'],
  ['an invalid id', recorded('stk-query.invalid-id.json', 400), 'refused'],
  ['spike arrest', recorded('gateway.spike-arrest.json', 500), 'refused'],
  ['the firewall', recorded('gateway.503.html', 503), 'unknown'],
  ['HTML with status 200', recorded('gateway.403.html'), 'unknown'],
  ['a cut connection', failedFetch({ code: 'ECONNRESET' }), 'unknown'],
  [
    'a response code other than 0',
    { status: 200, body: success.replace('"ResponseCode": "0"', '"ResponseCode": "1"') },
    'unknown',
  ],
  ['a missing response code', { status: 200, body: success.replace('"ResponseCode"', '"Code"') }, 'unknown'],
  ['a missing result code', { status: 200, body: success.replace('"ResultCode"', '"Code"') }, 'unknown'],
  [
    'an error beside a verdict',
    { status: 200, body: success.replace('"ResponseCode"', '"errorCode": "500.001.1001", "ResponseCode"') },
    'unknown',
  ],
  ['an answer with status 500', { status: 500, body: success }, 'unknown'],
  ['an answer about another push', { status: 200, body: success.replace('236557', '236558') }, 'unknown'],
]

for (const [situation, line, reason] of nothings) {
  test(`${situation} says nothing about the payment`, async () => {
    const answer = await stkQuery(scriptedDaraja({ api: [line] }).daraja, query)
    assert.equal(answer.kind, 'none')
    assert.equal(answer.kind === 'none' && answer.reason, reason)
  })
}
