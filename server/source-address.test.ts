import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceAddress } from './source-address.ts'

const cases: [peer: string | undefined, forwardedFor: string | undefined, proxies: string[], address: string][] = [
  ['196.201.214.200', '10.9.9.9', [], '196.201.214.200'],
  ['10.0.0.7', '196.201.214.200', ['10.0.0.0/8'], '196.201.214.200'],
  ['::ffff:10.0.0.7', '1.2.3.4, 196.201.214.200, 10.0.0.8', ['10.0.0.0/8'], '196.201.214.200'],
  ['::1', '196.201.214.200', ['::1', '10.0.0.0/8'], '196.201.214.200'],
  ['10.0.0.7', '196.201.214.200:55012', ['10.0.0.0/8'], '196.201.214.200'],
  ['10.0.0.7', '[2001:db8::1]:443', ['10.0.0.0/8'], '2001:db8::1'],
  ['10.0.0.7', '1.2.3.4, unknown', ['10.0.0.0/8'], 'unknown'],
  ['10.0.0.7', '', ['10.0.0.0/8'], '10.0.0.7'],
  [undefined, '1.2.3.4', ['10.0.0.0/8'], ''],
]

for (const [peer, forwardedFor, proxies, address] of cases) {
  test(`from ${peer}, forwarded for ${forwardedFor || 'nobody'}, trusting ${proxies.join(' ') || 'nobody'}: ${address || 'nobody'}`, () => {
    assert.equal(sourceAddress(peer, forwardedFor, proxies), address)
  })
}
