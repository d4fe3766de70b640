import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './read-settings.ts'
import { complaintOfPrivate, createNetworks } from './networks.ts'

test('an address lies in a network, or in none', () => {
  const isIn = createNetworks(['10.0.0.0/8', '192.168.7.7', 'fd12:3456::/32'])
  assert.ok(['10.0.0.0', '10.255.255.255', '192.168.7.7', 'fd12:3456::1', 'FD12:3456:0::1'].every(isIn))
  assert.ok(!['11.0.0.0', '192.168.7.8', 'fd12:3457::1', '::ffff:10.0.0.1', '::ffff:a00:1', 'ten', ''].some(isIn))
  assert.equal(createNetworks([])('10.0.0.1'), false)
  assert.throws(() => createNetworks(['10.0.0.0/33']), /10.0.0.0\/33 is no network/)
})

for (const text of [
  '10.0.0.0/8',
  '10.1.2.3',
  '172.20.0.0/16',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fd00::/8',
  'fc00::/7',
]) {
  test(`${text} is part of a private network`, () => assert.equal(complaintOfPrivate(text), undefined))
}

const notPrivate = [
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/7',
  '8.8.8.0/24',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.32.0.0/16',
  '::1',
  'fe80::/10',
  '2000::/3',
  '::ffff:10.0.0.0/104',
]
for (const text of notPrivate) {
  test(`${text} is no private network`, () => assert.match(complaintOfPrivate(text) ?? '', /is not part of a private/))
}

for (const text of [
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  'fd00::/129',
  'fe80::1%eth0',
  'lan',
]) {
  test(`${text} is no network at all`, () =>
    assert.match(complaintOfPrivate(text) ?? '', /is no address and no network/))
}

test('networks that merchants may be in are read at start, and one that is not private stops it', () => {
  const settings = readSettings({ ALLOWED_NETWORKS: ' 10.0.0.0/8, fd00::/8 ,' })
  assert.deepEqual(settings.ALLOWED_NETWORKS, ['10.0.0.0/8', 'fd00::/8'])
  assert.deepEqual(readSettings({}).ALLOWED_NETWORKS, [])
  assert.throws(
    () => readSettings({ ALLOWED_NETWORKS: '10.0.0.0/8,0.0.0.0/0' }),
    /Bad setting ALLOWED_NETWORKS: it holds "0.0.0.0\/0", which is not part of a private network \(10.0.0.0\/8, .*\)\. \(Private/,
  )
})
