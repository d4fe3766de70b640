import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { hashText, verifyHash } from './core/hash.ts'
import { CREDENTIALS } from './fixtures/gateway.ts'
import { checkoutHash, statusHash } from './secure-hash.ts'

const fields = {
  amountExpected: '100.00',
  serviceID: '23',
  clientIDNumber: '',
  currency: 'KES',
  billRefNumber: 'B-1',
  billDesc: 'Test',
  clientName: 'Jane Doe',
}

// Computed by hand from "1100.0023KESB-1TestJane Does3cret" and the key k3y.
const VECTOR = 'MmYwY2E0MDI2OTcwZGIxMDZhNzJmZDUzZDVmNTYwZTMwZGZhMWZhYTQ1NTQ5NTA1ODM0NTc5Y2E0YmIxOTJhYg=='

test('the hash of a checkout is base64 of the hexadecimal text', async () => {
  assert.equal(await checkoutHash(CREDENTIALS, fields), VECTOR)
  assert.equal(atob(VECTOR), '2f0ca4026970db106a72fd53d5f560e30dfa1faa45549505834579ca4bb192ab')
})

test('base64 of the bytes, which Pesaflow refuses, is never made', async () => {
  const bytes = createHmac('sha256', 'k3y').update('1100.0023KESB-1TestJane Does3cret').digest('base64')
  assert.equal(bytes.length, 44)
  assert.notEqual(await checkoutHash(CREDENTIALS, fields), bytes)
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }), async (key, text) => {
      const hash = await hashText(key, text)
      assert.equal(hash.length, 88)
      assert.equal(atob(hash), createHmac('sha256', key).update(text).digest('hex'))
    }),
    { numRuns: 200 },
  )
})

test('the amount is hashed exactly as it is sent', async () => {
  assert.notEqual(await checkoutHash(CREDENTIALS, { ...fields, amountExpected: '100' }), VECTOR)
})

test('every hashed field changes the hash', async () => {
  for (const name of Object.keys(fields))
    assert.notEqual(await checkoutHash(CREDENTIALS, { ...fields, [name]: 'other' }), VECTOR, name)
  assert.notEqual(await checkoutHash({ ...CREDENTIALS, secret: 'other' }, fields), VECTOR)
  assert.notEqual(await checkoutHash({ ...CREDENTIALS, apiKey: 'other' }, fields), VECTOR)
})

test('the hash of a status question leaves the secret out', async () => {
  const hash = 'OGJjNzZlM2VmYTAzMzc2Mzk3NmFjYzJlMzM1M2Y3NTA0YmE5ODIzNDM0NzIzMGEwMjhjZWY1MWFiMTcxZjA2MQ=='
  assert.equal(await statusHash(CREDENTIALS, 'ABCDEF'), hash)
})

test('a hash is verified whole, and in its one form', async () => {
  const hash = await hashText('k3y', 'text')
  assert.equal(await verifyHash('k3y', 'text', hash), true)
  const hex = atob(hash)
  const wrong = [
    '',
    'x',
    hex,
    hash.slice(0, -2),
    `${hash} `,
    btoa(hex.toUpperCase()),
    btoa(hex.slice(0, 62)),
    btoa(`${hex.slice(0, -1)}g`),
    createHmac('sha256', 'k3y').update('text').digest('base64'),
    await hashText('k3y', 'texT'),
    await hashText('k3Y', 'text'),
    `_${hash.slice(1)}`,
  ]
  for (const text of wrong) assert.equal(await verifyHash('k3y', 'text', text), false, text)
})
