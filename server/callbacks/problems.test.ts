import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import { listProblems, listStrays } from './problems.ts'

test('a body that is not what its token names is found, with the reason, and what was acted on is not', () =>
  story({}, async (told) => {
    const { id, provider_ref } = await told.pay()
    const address = addressOf(told, 'payment', id)
    assert.equal((await told.post(address, { weather: 'fine' })).status, 400)
    assert.equal((await told.post(address, { weather: 'cold' })).status, 400)
    assert.equal((await told.post(address, stkCallback(provider_ref))).status, 200)

    const merchant_id = told.merchant.id
    const [cold, ...more] = await listProblems(told.context, { merchant_id, limit: 1 })
    assert.deepEqual(more, [])
    assert.equal(cold!.body.toString('utf8'), '{"weather":"cold"}')
    assert.equal(cold!.problem, 'This is not a callback of the kind that its token names.')
    const rest = await listProblems(told.context, { merchant_id, limit: 10, before: cold!.id })
    assert.deepEqual(
      rest.map(({ body }) => body.toString('utf8')),
      ['{"weather":"fine"}'],
    )
  }))

test('a body without a valid token is found among the strays', () =>
  story({}, async (told) => {
    assert.equal((await told.post('/v1/webhooks/mpesa', stkCallback('ws_CO_1'))).status, 200)
    const [stray, ...more] = await listStrays(told.context, { limit: 10 })
    assert.deepEqual(more, [])
    assert.match(stray!.body.toString('utf8'), /ws_CO_1/)
    assert.deepEqual(await listStrays(told.context, { limit: 10, before: stray!.id }), [])
  }))
