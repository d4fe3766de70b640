import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLoad, limitAtFirst, limitOfMerchant } from './load.ts'

const to = (endpoint_id: string, merchant_id = 'merchant') => ({ merchant_id, endpoint_id })

test('an endpoint that answers quickly is given more at once, and a slow one no more than at first', () => {
  const load = createLoad()
  for (let post = 0; post < 200; post++) {
    load.begin(to('quick'))
    load.end(to('quick'), 5)
  }
  const [quick] = load.endpoints()
  assert.deepEqual(quick, { endpoint_id: 'quick', free: 128, is_quick: true, is_under_way: false })
  load.begin(to('quick'))
  load.begin(to('quick'))
  load.end(to('quick'), 4_000)
  const [slow] = load.endpoints()
  assert.deepEqual(slow, { endpoint_id: 'quick', free: limitAtFirst - 1, is_quick: false, is_under_way: true })
  assert.deepEqual(load.slow(), [{ endpoint_id: 'quick', every_ms: 500 }])
  load.end(to('quick'), 4_000)
  assert.deepEqual([load.endpoints(), load.slow(), load.merchants()], [[], [], []])
})

test('the endpoints of one merchant that are not known to be quick take no more than the part of one merchant', () => {
  const load = createLoad()
  for (let post = 0; post < 100; post++) load.begin(to(`endpoint-${post % 20}`))
  load.begin(to('other', 'another'))
  assert.deepEqual(load.merchants(), [
    { merchant_id: 'merchant', free: limitOfMerchant - 100 },
    { merchant_id: 'another', free: limitOfMerchant - 1 },
  ])
})

test('endpoints that are not known to be quick leave room for those that are', () => {
  const load = createLoad()
  for (let post = 0; post < 2 * limitAtFirst; post++) {
    load.begin(to('quick', 'another'))
    load.end(to('quick', 'another'), 5)
  }
  for (let post = 0; post < 384; post++) load.begin(to(`slow-${post % 48}`, `merchant-${post % 4}`))
  assert.deepEqual(load.room(), { inAll: 128, unproven: 0 })
  load.begin(to('quick', 'another'))
  assert.deepEqual(load.room(), { inAll: 127, unproven: 0 })
})
