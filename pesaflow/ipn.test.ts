import assert from 'node:assert/strict'
import test from 'node:test'
import { readFixture } from './fixtures/fixture.ts'
import { CREDENTIALS } from './fixtures/gateway.ts'
import { ipnHash, verifyIpn } from './ipn-hash.ts'
import type { IpnRecipe } from './ipn-hash.ts'
import { parseIpn } from './ipn.ts'
import type { Ipn } from './ipn.ts'

const recordedIpn = (name: string): Ipn => parseIpn(readFixture(name)) ?? assert.fail(name)

test('a notification names bill, payment and payer', () => {
  const { fields: _, ...ipn } = recordedIpn('ipn.settled.json')
  assert.deepEqual(ipn, {
    status: 'settled',
    invoiceNumber: 'ABCDEF',
    reference: 'B-1',
    currency: 'KES',
    paidCents: 10500,
    invoiceCents: 10500,
    lastPaymentCents: 10500,
    instalments: [
      { receipt: 'TA000AAAAA', amountCents: 10500, currency: 'KES', paidAt: new Date('2025-01-06T13:35:15Z') },
    ],
    paidAt: new Date('2025-01-06T13:35:15Z'),
    phone: '0700000000',
    channel: 'MPesa',
    accountNumber: undefined,
    hash: 'HASH',
  })
  assert.deepEqual(parseIpn(JSON.parse(readFixture('ipn.settled.json'))), recordedIpn('ipn.settled.json'))
})

test('an amount may come without decimals, and an account with the rest', () => {
  const ipn = recordedIpn('ipn.settled.wrong-zone.json')
  assert.deepEqual([ipn.paidCents, ipn.invoiceCents, ipn.accountNumber], [200, 200, 'AUAAAAA'])
})

test('a time that Pesaflow wrote three hours late is put right', () => {
  assert.deepEqual(recordedIpn('ipn.settled.wrong-zone.json').paidAt, new Date('2025-06-06T04:26:48Z'))
})

test('every payment of a bill that is paid in parts is read', () => {
  const ipn = recordedIpn('ipn.part-paid.json')
  assert.deepEqual(
    ipn.instalments.map(({ receipt, amountCents }) => [receipt, amountCents]),
    [
      ['TF000AAAAB', 4000],
      ['TF000AAAAC', 2500],
    ],
  )
  assert.deepEqual([ipn.paidCents, ipn.lastPaymentCents], [6500, 2500])
})

test('the variant is the same notification, as JSON and as a form', () => {
  const expected = {
    invoiceNumber: 'GWLQKD',
    reference: 'B-1',
    currency: 'KES',
    paidCents: 10500,
    invoiceCents: 10500,
    lastPaymentCents: 10500,
    instalments: [{ receipt: 'PF123456', amountCents: 10500, currency: undefined, paidAt: undefined }],
    paidAt: new Date('2026-02-11T14:30:00Z'),
    phone: undefined,
    channel: 'MPESA',
    accountNumber: undefined,
    hash: 'HASH',
  }
  const { fields: _, ...json } = recordedIpn('ipn.variant.json')
  assert.deepEqual(json, { ...expected, status: 'SUCCESS' })
  const { fields: __, ...form } = recordedIpn('ipn.variant.form.txt')
  assert.deepEqual(form, { ...expected, status: 'PAID' })
})

test('a list of payments is read from a form, however it is spelt', () => {
  const list = [
    { payment_reference: 'TF000AAAAB', amount: '40.00', payment_date: '2025-06-06T04:26:48Z' },
    { payment_reference: 'TF000AAAAC', amount: '25.00', payment_date: '2025-06-06T05:00:00Z' },
  ]
  const asJson = new URLSearchParams({ invoice_number: 'GWLQKD', payment_reference: JSON.stringify(list) })
  const asPhp = new URLSearchParams({ invoice_number: 'GWLQKD' })
  for (const [index, fields] of list.entries())
    for (const [name, value] of Object.entries(fields)) asPhp.append(`payment_reference[${index}][${name}]`, value)
  for (const form of [asJson, asPhp]) {
    const ipn = parseIpn(String(form))
    assert.deepEqual(
      ipn?.instalments.map(({ receipt, amountCents }) => [receipt, amountCents]),
      [
        ['TF000AAAAB', 4000],
        ['TF000AAAAC', 2500],
      ],
    )
  }
})

test('a notification survives a byte order mark, a lone payment, a payment without receipt and amounts that are none', () => {
  assert.ok(parseIpn(`\uFEFF ${readFixture('ipn.settled.json')}`))
  const settled = JSON.parse(readFixture('ipn.settled.json')) as { payment_reference: object[] }
  const lone = parseIpn({ ...settled, payment_reference: settled.payment_reference[0] })
  assert.equal(lone?.instalments[0]?.receipt, 'TA000AAAAA')
  const odd = parseIpn({ ...settled, payment_reference: [null, 7, {}, { amount: '1' }, []], amount_paid: 'all' })
  assert.deepEqual([odd?.instalments.map(({ receipt }) => receipt), odd?.paidCents], [['7'], 'unreadable'])
  assert.deepEqual(parseIpn({ ...settled, payment_reference: null })?.instalments, [])
})

test('what is no notification is not read as one', () => {
  const bodies = [
    undefined,
    null,
    '',
    'x',
    '[]',
    '{',
    7,
    [],
    {},
    '<html a="b"></html>',
    readFixture('gateway.502.html'),
  ]
  for (const body of [
    ...bodies,
    { invoice_number: 'GWLQKD' },
    { status: 'settled' },
    'status=settled',
    'invoice_number=GWLQKD',
  ])
    assert.equal(parseIpn(body), undefined, JSON.stringify(body))
})

const recipeB = 'NjcxNzlhOTAzYzczYTMzYThmMDM0Nzk2ZDg0N2M3YmU1MGYwZWYwYjg3ODQ5Y2YzZjJjOTQzOTJmOWU4YzkyZQ=='

test('recipe B is reference, number, amount, date and secret', async () => {
  const ipn = { ...recordedIpn('ipn.settled.json'), hash: recipeB }
  assert.equal(await verifyIpn(CREDENTIALS, ipn, 'B'), 'verified')
  assert.equal(await verifyIpn(CREDENTIALS, ipn, 'A'), 'wrong')
  assert.equal(await verifyIpn({ ...CREDENTIALS, secret: 'other' }, ipn, 'B'), 'wrong')
})

test('recipe A is number, amount and secret', async () => {
  for (const name of ['ipn.variant.json', 'ipn.variant.form.txt']) {
    const ipn = recordedIpn(name)
    assert.equal(
      await verifyIpn(CREDENTIALS, { ...ipn, hash: await ipnHash(CREDENTIALS, ipn.fields, 'A') }, 'A'),
      'verified',
    )
  }
  // Amounts are hashed as they came: 105 and 105.00 are two.
  const [json, form] = [recordedIpn('ipn.variant.json'), recordedIpn('ipn.variant.form.txt')]
  assert.notEqual(await ipnHash(CREDENTIALS, json.fields, 'A'), await ipnHash(CREDENTIALS, form.fields, 'A'))
})

test('a changed field, a changed hash, none, and another encoding are told', async () => {
  const signed = { ...recordedIpn('ipn.settled.json'), hash: recipeB }
  const changed = { ...signed, fields: { ...signed.fields, amount_paid: '1050.00' } }
  assert.equal(await verifyIpn(CREDENTIALS, changed, 'B'), 'wrong')
  for (const hash of ['HASH', recipeB.slice(1), atob(recipeB), `${recipeB}=`])
    assert.equal(await verifyIpn(CREDENTIALS, { ...signed, hash }, 'B'), 'wrong')
  assert.equal(await verifyIpn(CREDENTIALS, { ...signed, hash: undefined }, 'B'), 'missing')
})

test('a recipe is a setting: another order of fields, or no check', async () => {
  const ipn = recordedIpn('ipn.settled.json')
  const recipe: IpnRecipe = ['amount_paid', 'invoice_number', 'secret']
  const hash = await ipnHash(CREDENTIALS, ipn.fields, recipe)
  assert.equal(await verifyIpn(CREDENTIALS, { ...ipn, hash }, recipe), 'verified')
  assert.equal(await verifyIpn(CREDENTIALS, ipn, 'off'), 'unchecked')
})
