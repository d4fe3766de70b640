import assert from 'node:assert/strict'
import test from 'node:test'
import { checkoutForm } from './checkout-form.ts'
import { checkout } from './checkout.ts'
import { bill } from './fixtures/bill.ts'
import { readFixture } from './fixtures/fixture.ts'
import { CREDENTIALS, recorded, scriptedPesaflow } from './fixtures/gateway.ts'
import { checkoutHash } from './secure-hash.ts'
import { sendStk } from './send-stk.ts'

const accepted = recorded('checkout.accepted.json')

test('a bill is sent field by field as it was recorded, with the hash of what is sent', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  await checkout(pesaflow, bill)
  const { url, method, headers, text, body } = seen[0] ?? assert.fail()
  assert.deepEqual([method, url], ['POST', 'https://pesaflow.test/PaymentAPI/iframev2.1.php'])
  assert.equal(headers.get('Content-Type'), 'application/x-www-form-urlencoded')
  const hash = await checkoutHash(CREDENTIALS, body as Parameters<typeof checkoutHash>[1])
  assert.equal(text, readFixture('checkout.request.txt').trim().replace('HASH', encodeURIComponent(hash)))
  assert.equal(hash.length, 88)
})

test('an accepted bill has a number, a page, and the commission that Pesaflow names', async () => {
  const outcome = await checkout(scriptedPesaflow({ api: [accepted] }).pesaflow, bill)
  assert.deepEqual(outcome, {
    kind: 'accepted',
    invoiceNumber: 'GWLQKD',
    checkoutUrl: 'https://test.pesaflow.com/checkout?request_id=d8HbuZT_0nO3XLjH7nRy',
    commissionCents: 500,
    netCents: 10000,
    expectedCents: 10500,
    raw: readFixture('checkout.accepted.json'),
  })
})

test('blanks around what is hashed are neither hashed nor sent', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  await checkout(pesaflow, bill)
  const payer = { ...bill.payer, name: ' Jane Doe ', idNumber: '11111111\n' }
  await checkout(pesaflow, { ...bill, serviceId: ' 23', reference: 'B-1 ', description: ' Overload fine', payer })
  assert.equal(seen[0]?.text, seen[1]?.text)
})

test('a name in any script is hashed as it is sent', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  await checkout(pesaflow, { ...bill, payer: { ...bill.payer, name: 'Wanjikũ & Kĩmani + Söhne' } })
  const body = seen[0]?.body as Record<string, string>
  assert.equal(body['clientName'], 'Wanjikũ & Kĩmani + Söhne')
  assert.equal(body['secureHash'], await checkoutHash(CREDENTIALS, body as Parameters<typeof checkoutHash>[1]))
})

test('a prompt is the same bill with one field more', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  const outcome = await sendStk(pesaflow, bill)
  assert.equal(outcome.kind === 'accepted' && outcome.invoiceNumber, 'GWLQKD')
  await checkout(pesaflow, bill)
  assert.equal(seen[0]?.text.replace('sendSTK=true', 'sendSTK=false'), seen[1]?.text)
})

test('a prompt without a phone is refused here', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  const { phone: _, ...payer } = bill.payer
  const outcome = await sendStk(pesaflow, { ...bill, payer })
  assert.equal(outcome.kind === 'refused' && outcome.code, 'refused_locally')
  assert.equal(seen.length, 0)
})

test('the form of a browser is signed, and carries no secret', async () => {
  const form = await checkoutForm(scriptedPesaflow({}).pesaflow, bill)
  assert.ok(form.kind === 'form')
  assert.equal(form.action, 'https://pesaflow.test/PaymentAPI/iframev2.1.php')
  assert.deepEqual([form.fields['format'], form.fields['sendSTK']], ['iframe', 'false'])
  assert.equal(
    form.fields['secureHash'],
    await checkoutHash(CREDENTIALS, form.fields as Parameters<typeof checkoutHash>[1]),
  )
  assert.doesNotMatch(JSON.stringify(form), /s3cret|k3y/)
})

test('what Pesaflow would refuse is refused here, with every reason', async () => {
  const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] })
  const wrong = {
    ...bill,
    amountCents: 0.5,
    currency: 'kes',
    reference: ' ',
    payer: { name: '', idNumber: '', phone: '0712' },
    notificationUrl: 'county.example',
    returnUrls: { success: 'javascript:alert(1)' },
  }
  const outcome = await checkout(pesaflow, wrong)
  assert.ok(outcome.kind === 'refused' && outcome.code === 'refused_locally')
  for (const word of ['amount', 'currency', 'reference', 'name', 'identity', 'phone', 'notification', 'return'])
    assert.ok(outcome.message.includes(word), word)
  assert.equal(seen.length, 0)
  assert.equal((await checkoutForm(pesaflow, wrong)).kind, 'refused')
  assert.equal((await checkout(pesaflow, { ...bill, currency: 'kes' }, { sendAnyway: true })).kind, 'accepted')
})

test('the address of the checkout serves as base URL, too', async () => {
  for (const baseUrl of [
    'https://a.test',
    'https://a.test/',
    'https://a.test/PaymentAPI/iframev2.1.php',
    'https://a.test/paymentapi',
  ]) {
    const { pesaflow, seen } = scriptedPesaflow({ api: [accepted] }, { baseUrl })
    await checkout(pesaflow, bill)
    assert.equal(seen[0]?.url, 'https://a.test/PaymentAPI/iframev2.1.php')
  }
})

test('a client without one of its credentials is not made', () => {
  for (const empty of [{ apiClientId: '' }, { apiKey: '' }, { secret: '' }])
    assert.throws(() => scriptedPesaflow({}, empty), /one of them is empty/)
})
