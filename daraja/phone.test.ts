import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { fitsMask, formatPhone, hashPhone, maskPhone, parsePhone } from './phone.ts'

test('a phone number is read in every form in which people write it', () => {
  const forms = [
    ['0712345678', '254712345678'],
    ['0112345678', '254112345678'],
    ['712345678', '254712345678'],
    ['110345678', '254110345678'],
    ['254712345678', '254712345678'],
    ['+254712345678', '254712345678'],
    ['00254712345678', '254712345678'],
    ['+254 712 345 678', '254712345678'],
    ['0712-345-678', '254712345678'],
    ['0712.345.678', '254712345678'],
    ['+254 (712) 345678', '254712345678'],
    [' 0181 000 000\n', '254181000000'],
    ['2540712345678', '254712345678'],
    ['+254 (0)712 345 678', '254712345678'],
    ['00254 0 712 345 678', '254712345678'],
    ['tel:+254-712-345-678', '254712345678'],
    ['\u202A0712\u200B345\u00A0678\u202C', '254712345678'],
    ['\uFF0B\uFF12\uFF15\uFF14712345678', '254712345678'],
    ['\uFEFF0712\u2060345\u00AD678\u0000', '254712345678'],
  ]
  for (const [written, expected] of forms) assert.equal(parsePhone(written ?? ''), expected, written)
})

test('what is no Kenyan mobile number is not read as one', () => {
  const wrong = [
    '',
    '0',
    '071234567',
    '07123456789',
    '0212345678',
    '254812345678',
    '255712345678',
    '+712345678',
    'phone',
  ]
  wrong.push(
    '0712345678x',
    '25400712345678',
    '00712345678',
    '++254712345678',
    '25471234567٨',
    '1e9',
    '0x712345678',
    '0712/345678',
  )
  for (const text of wrong) assert.equal(parsePhone(text), undefined, text)
})

test('a number comes back from each of its forms, and only as twelve digits', () => {
  const subscriber = fc
    .tuple(fc.constantFrom('7', '1'), fc.stringMatching(/^\d{8}$/))
    .map(([first, rest]) => first + rest)
  fc.assert(
    fc.property(subscriber, fc.constantFrom('', '0', '254', '+254', '00254'), (digits, prefix) => {
      const phone = parsePhone(prefix + digits)
      assert.equal(phone, `254${digits}`)
      assert.equal(parsePhone(formatPhone(`254${digits}`)), phone)
    }),
  )
  fc.assert(fc.property(fc.string(), (text) => assert.match(parsePhone(text) ?? '254712345678', /^254[17]\d{8}$/)))
})

test('a number is shown as people read it, and masked down to its ends', () => {
  assert.equal(formatPhone('254712345678'), '0712 345 678')
  assert.equal(maskPhone('254712345678'), '0712 *** 678')
})

test('a masked number fits only the numbers that it can hide', () => {
  const phone = parsePhone('254712345126')
  assert.ok(phone)
  for (const mask of [
    '2547 ***** 126',
    '25471****126',
    '254******126',
    '*********126',
    '0712***126',
    '+2547*****126',
  ]) {
    assert.equal(fitsMask(phone, mask), true, mask)
  }
  for (const mask of [
    '2547 ***** 127',
    '2541 ***** 126',
    '*',
    '',
    '*******',
    '2547***12*6',
    'abc***126',
    '25471234****712345126',
  ]) {
    assert.equal(fitsMask(phone, mask), false, mask)
  }
})

test('a number is hashed as C2B version 1 hashes it', async () => {
  const phone = parsePhone('0708374149')
  assert.ok(phone)
  assert.match(await hashPhone(phone), /^[0-9a-f]{64}$/)
})
