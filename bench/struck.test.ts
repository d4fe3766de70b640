import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countStruck } from './struck.ts'

const [request, callback] = [{ direction: 'in' }, { direction: 'out' }] as const

test('a fault counts once, where it struck', () => {
  const log = [
    { id: 'log_1', ...request, fault: 'cut,late_callback', body: 1 },
    { id: 'log_2', ...request, fault: 'duplicate_callback', body: 2 },
    { id: 'log_3', ...callback, fault: 'duplicate_callback', body: 'paid 2' },
    { id: 'log_4', ...callback, fault: 'duplicate_callback', body: 'paid 2' },
    { id: 'log_5', ...request, fault: 'expire_token,http_500', body: 3 },
    { id: 'log_6', ...request, fault: 'drop_callback,drop_response', body: 3 },
    { id: 'log_7', ...callback, fault: 'drop_callback,drop_response', body: 'paid 3' },
    { id: 'log_8', ...request, fault: null, body: 4 },
  ]
  assert.deepEqual(countStruck(log), {
    cut: 1,
    duplicate_callback: 1,
    expire_token: 1,
    http_500: 1,
    drop_response: 1,
    drop_callback: 1,
  })
})

test('a log that has forgotten its beginning is not counted', () => {
  assert.throws(() => countStruck([{ id: 'log_1002', ...request, fault: null, body: 1 }]), /forgotten its beginning/)
})
