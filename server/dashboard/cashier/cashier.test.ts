import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from '../../database/sql.ts'
import { textOf } from '../../../testing/payer.ts'
import { signInAs } from '../../../testing/signed-in.ts'
import type { Person } from '../../../testing/signed-in.ts'
import { tell } from '../../../testing/story.ts'
import type { Story } from '../../../testing/story.ts'

let told: Story
let cashier: Person

before(async () => {
  told = await tell()
  cashier = await signInAs(told, { role: 'cashier', name: 'Wanjiru' })
  await told.call('POST', '/v1/mpesa/c2b/register', {})
})

after(() => told.end())

const read = async (path = '/cashier') => textOf((await cashier.get(path)).text)

/** A customer pays by the menu. */
async function paysByHand(phone: string, amount: number, reference: string): Promise<string> {
  const paid = await told.simulator.phones.get(phone).pay({ shortcode: '174379', amount, reference })
  await told.simulator.settled()
  assert.ok(paid.status === 'paid')
  return paid.receipt
}

test('a phone is asked once however often the button is pressed, and what becomes of it is seen', async () => {
  assert.match((await cashier.get('/cashier')).text, /Ask a phone to pay/)
  const wrong = await cashier.send('/cashier/ask', { amount: '12,5', phone: '0712', what: 'ORD-8812' })
  assert.equal(wrong.status, 400)
  assert.match(wrong.text, /id="amount-wrong"[^>]*>An amount is a number of shillings/)
  assert.match(wrong.text, /id="phone-wrong"[^>]*>Not a Kenyan mobile number/)
  assert.match(wrong.text, /value="ORD-8812"/)
  await cashier.get('/cashier')
  const wish = { amount: '640', phone: '0712 345 678', what: 'Mkate na maziwa' }
  const [first, second] = await Promise.all([cashier.send('/cashier/ask', wish), cashier.send('/cashier/ask', wish)])
  assert.deepEqual([first.to, second.to], ['/cashier?done=asked', '/cashier?done=asked'])
  assert.equal(told.simulator.log().filter(({ api, direction }) => api === 'stkpush' && direction === 'in').length, 1)
  assert.match(await read(), /Ringing 0712 345 678… ?KSh 640 · asked just now/)
  const phone = told.simulator.phones.get('0712345678')
  phone.cancel()
  await told.simulator.settled()
  const page = await cashier.get('/cashier')
  assert.match(textOf(page.text), /Cancelled.*KSh 640/)
  await told.advance('61 seconds')
  const again = Object.fromEntries(
    [...page.text.matchAll(/name="(once|amount|phone|again)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  )
  assert.equal((await cashier.send('/cashier/ask', again)).to, '/cashier?done=asked')
  phone.approve()
  await told.simulator.settled()
  assert.match(await read(), /0712 345 678 paid/)
})

test('money that nobody asked for is taken with a word for what it is, by the first who says so', async () => {
  const receipt = await paysByHand('0722000245', 1200, 'shop')
  assert.match(await read('/cashier?find=1200'), /KSh1,200.*wrote “shop”.*This is theirs/)
  await cashier.get(`/cashier?take=${receipt}`)
  const nothing = await cashier.send('/cashier/take', { receipt })
  assert.match(textOf(nothing.text), /Write what it is/)
  await cashier.get(`/cashier?take=${receipt}`)
  const taken = await cashier.send('/cashier/take', { receipt, what: 'Unga 10 kg, sukari' })
  assert.equal(taken.to, `/cashier?done=yours#came-${receipt}`)
  assert.match(await read(), /KSh1,200.*Unga 10 kg, sukari/)
  const { body } = await told.call('GET', `/v1/money-in?receipt=${receipt}`)
  assert.equal((await told.payment(body.data[0].payment_id)).status, 'completed')
  await cashier.get('/cashier')
  const late = await cashier.send('/cashier/take', { receipt, what: 'Mine' })
  assert.equal(late.status, 409)
  assert.match(textOf(late.text), /Wanjiru took it already, for Unga 10 kg, sukari/)
})

test('who comes too late for money leaves no payment behind that anybody could still pay', async () => {
  const receipt = await paysByHand('0722000246', 1300, 'shop')
  const { database } = told.context
  // Between the look at it and the taking it is on its way back.
  await database.query(sql`update money_in set reserved_cents = amount_cents where receipt = ${receipt}`)
  await cashier.get(`/cashier?take=${receipt}`)
  assert.equal((await cashier.send('/cashier/take', { receipt, what: 'Too late' })).status, 409)
  const { body } = await told.call('GET', '/v1/payments?min_amount=1300&max_amount=1300')
  assert.deepEqual(
    body.data.map(({ status }: { status: string }) => status),
    ['failed'],
  )
})

test('a code that a customer shows is free, used, or not known to M-Pesa; a whole SMS can be pasted', async () => {
  const receipt = await paysByHand('0733111019', 350, 'till')
  const free = await cashier.send('/cashier/check', { code: `${receipt} Confirmed. Ksh350.00 sent to DUKA` })
  assert.equal(free.to, `/cashier?code=${receipt}#check`)
  assert.match(await read(`/cashier?code=${receipt}`), /Paid, and free to use.*KSh350/)
  await cashier.get(`/cashier?take=${receipt}`)
  await cashier.send('/cashier/take', { receipt, what: 'ORD-8790' })
  assert.match(await read(`/cashier?code=${receipt}`), /Already used.*For ORD-8790.*by Wanjiru/)

  await cashier.get('/cashier')
  const asked = await cashier.send('/cashier/check', { code: 'UKK9Z0O1IL' })
  assert.match(asked.to!, /code=UKK9Z0O1IL&asked=\d{13}#check/)
  await cashier.get('/cashier')
  assert.match(
    textOf((await cashier.send('/cashier/check', { code: 'hello' })).text),
    /An M-Pesa code has ten letters and digits/,
  )
  await told.advance('41 seconds')
  const answer = await read(asked.to!)
  assert.match(answer, /M-Pesa does not know this code.*Do not hand over goods yet/)
  assert.doesNotMatch(answer.slice(answer.indexOf('M-Pesa does not know')), /KSh/)
})

test('a viewer has no counter, and a cashier nothing else', async () => {
  const viewer = await signInAs(told, { role: 'viewer' })
  assert.equal((await viewer.get('/cashier')).status, 403)
  for (const path of ['/payouts', '/payouts/batches/new', '/reconciliation', '/refunds'])
    assert.equal((await cashier.get(path)).status, 403, path)
})
