import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listen, submit, textOf } from '../testing/browser.ts'
import { askToPay } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'

const amina = '254712345678'
const askAmina = { PhoneNumber: amina, Amount: 1500, AccountReference: 'INV-204' }

test('the shelf shows each phone with its owner, number, balance and PIN, and the time in Nairobi', async () => {
  const { simulator } = merchant()
  const page = await textOf(simulator, '/phone')
  for (const shown of ['Amina Hassan', '0712 345 678', 'KSh 10,400.00', 'PIN 1234', '20:15', 'Friday 20 November']) {
    assert.ok(page.includes(shown), shown)
  }
  assert.match(page, /No messages\./)
})

test('a prompt asks in the SIM Toolkit’s words, and says until when it waits', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, askAmina)
  const page = (await textOf(simulator, '/phone')).replaceAll(/\s+/g, ' ')
  assert.match(
    page,
    /Do you want to pay <b>Ksh&nbsp;1,500.00<\/b> to <b>Daraja-Sandbox<\/b> account no. <span class="whole"><b>INV-204<\/b>\?<\/span><br \/>Enter M-PESA PIN/,
  )
  assert.match(page, /Answer before 20:16:05/)
  assert.match(page, /Ringing/)
})

test('what a shop writes in its name and reference is text, whatever it looks like', async () => {
  const { simulator } = merchant()
  simulator.organisations.set('174379', { name: '<script>alert(1)</script>' })
  await askToPay(simulator, { ...askAmina, AccountReference: '"><img>' })
  const page = await textOf(simulator, '/phone')
  assert.ok(!page.includes('<script>alert') && !page.includes('<img>'))
})

test('a PIN typed into the form pays, and the SMS stands on the phone', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, askAmina)
  const [prompt] = simulator.prompts()
  const answered = await submit(simulator, `/phone/${amina}/answer`, { prompt: prompt?.id ?? '', pin: '1234' })
  assert.deepEqual([answered.status, answered.headers.get('location')], [303, `/phone#phone-${amina}`])
  const page = await textOf(simulator, '/phone')
  assert.match(page, /Confirmed\. Ksh1,500\.00 sent to Daraja-Sandbox for account INV-204/)
  assert.match(page, /Paid, 20:15/)
  assert.equal(simulator.phones.get(amina).balance, 8900)
})

const endings = [
  ['cancels', 'You cancelled. Nothing was paid.', 'You cancelled, 20:15'],
  ['does not answer', 'Time is up. You did not answer, and nothing was paid.', 'Timed out, 20:16'],
  ['enters a wrong PIN', 'Failed. You have entered the wrong PIN.', 'Wrong PIN, 20:15'],
] as const
for (const [deed, card, status] of endings) {
  test(`whoever ${deed} reads what came of it`, async () => {
    const { simulator, clock } = merchant()
    await askToPay(simulator, askAmina)
    const prompt = simulator.prompts()[0]?.id ?? ''
    if (deed === 'cancels') await submit(simulator, `/phone/${amina}/answer`, { prompt, cancel: 'yes' })
    if (deed === 'enters a wrong PIN') await submit(simulator, `/phone/${amina}/answer`, { prompt, pin: '9999' })
    if (deed === 'does not answer') await clock.advance('1 minute')
    const page = await textOf(simulator, '/phone')
    assert.ok(page.includes(card), card)
    assert.ok(page.includes(status), status)
    assert.equal(simulator.prompts().length, 0)
  })
}

test('a prompt is answered on its own phone only, and once', async () => {
  const { simulator, callbacks } = merchant()
  await askToPay(simulator, askAmina)
  const prompt = simulator.prompts()[0]?.id ?? ''
  await submit(simulator, '/phone/254799000120/answer', { prompt, pin: '1234' })
  assert.equal(simulator.prompts().length, 1)
  await submit(simulator, `/phone/${amina}/answer`, { prompt, pin: '1234' })
  await submit(simulator, `/phone/${amina}/answer`, { prompt, cancel: 'yes' })
  await simulator.settled()
  assert.equal(callbacks().length, 1)
})

test('the SIM menu pays a paybill, page by page', async () => {
  const { simulator } = merchant()
  const press = (fields: Record<string, string>) => submit(simulator, `/phone/${amina}/menu`, fields)
  for (const key of ['open', 'lipa', 'paybill']) await press({ key })
  await press({ key: 'enter', step: 'shortcode', text: '12' })
  assert.match(await textOf(simulator, '/phone'), /The number has 5 to 7 digits\./)
  await press({ key: 'enter', step: 'shortcode', text: '174379' })
  await press({ key: 'enter', step: 'reference', text: 'INV-9' })
  await press({ key: 'enter', step: 'amount', text: '250' })
  assert.match(
    await textOf(simulator, '/phone'),
    /Pay <b>Ksh&nbsp;250\.00<\/b> to <b>174379<\/b> account no\. <span class="whole"><b>INV-9<\/b>\?<\/span>/,
  )
  await press({ key: 'enter', step: 'pin', text: '1234' })
  await simulator.settled()
  const [entry] = simulator.ledger.entries
  assert.deepEqual([entry?.kind, entry?.amount, entry?.reference], ['c2b', 250, 'INV-9'])
  const page = await textOf(simulator, '/phone')
  assert.match(page, /Ksh250\.00 sent to Daraja-Sandbox for account INV-9/)
  assert.match(page, /Paid, 20:15/)
  assert.ok(!page.includes('Sending…'))
})

test('a wrong PIN at the SIM menu pays nothing', async () => {
  const { simulator } = merchant()
  const press = (fields: Record<string, string>) => submit(simulator, `/phone/${amina}/menu`, fields)
  for (const key of ['open', 'lipa', 'till']) await press({ key })
  await press({ key: 'enter', step: 'shortcode', text: '600001' })
  await press({ key: 'enter', step: 'amount', text: '20' })
  await press({ key: 'enter', step: 'pin', text: '0000' })
  await simulator.settled()
  assert.equal(simulator.ledger.entries.length, 0)
  assert.match(await textOf(simulator, '/phone'), /Wrong PIN, 20:15/)
})

test('whoever pays for the phone, in code or by the control API, leaves what came of it on the phone', async () => {
  const { simulator } = merchant()
  await simulator.phones.get(amina).pay({ shortcode: '174379', amount: 250, reference: 'INV-9' })
  assert.match(await textOf(simulator, '/phone'), /Paid, 20:15/)
  await simulator.fetch('/_/phones/0799000120/pay', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ shortcode: '174379', amount: 999_000, reference: 'INV-9' }),
  })
  assert.match(await textOf(simulator, '/phone'), /Not paid, 20:15/)
})

test('phones are added and changed by forms, and a mistake is named at its form', async () => {
  const { simulator } = merchant()
  await submit(simulator, '/phone', { msisdn: '0733 111 222', name: 'Njeri Mwangi' })
  assert.equal(simulator.phones.get('0733111222').name, 'Njeri Mwangi')
  await submit(simulator, '/phone/254733111222', { auto: 'cancel' })
  assert.equal(simulator.phones.get('0733111222').auto, 'cancel')
  await submit(simulator, '/phone/254733111222', { auto: 'by_hand' })
  assert.equal(simulator.phones.get('0733111222').auto, null)
  const changes = { name: 'Njeri', balance: '20.50', pin: '4321', offline: 'yes' }
  await submit(simulator, '/phone/254733111222', changes)
  const { name, balance, pin, offline } = simulator.phones.get('0733111222')
  assert.deepEqual({ name, balance, pin, offline }, { name: 'Njeri', balance: 20.5, pin: '4321', offline: true })
  assert.match(await textOf(simulator, '/phone'), /Switched off/)

  for (const [path, fields, complaint, typed] of [
    ['/phone', { msisdn: '12', name: 'Otieno' }, '12 is no Kenyan mobile number.', 'value="Otieno"'],
    ['/phone/254733111222', { ...changes, balance: 'much' }, 'balance must be a number', 'value="much"'],
    ['/phone/254733111222', { ...changes, pin: '1' }, 'pin must be four digits', 'value="1"'],
  ] as const) {
    const refused = await submit(simulator, path, fields)
    const page = await refused.text()
    assert.equal(refused.status, 400)
    assert.ok(page.includes(complaint) && page.includes(typed), complaint)
  }
})

test('the page is told of a prompt as it comes, and of nothing that stays the same', async () => {
  const { simulator } = merchant()
  const page = await listen(simulator, '/phone/live')
  assert.equal(page.type, 'text/event-stream')
  const first = await page.next()
  assert.deepEqual(JSON.parse(first.clock ?? ''), {
    now: Date.parse('2026-11-20T17:15:05.000Z'),
    time: '20:15',
    day: 'Friday 20 November',
  })
  assert.equal(first.message?.match(/<article/g)?.length, 4)

  await askToPay(simulator, askAmina)
  const { message = '' } = await page.next()
  assert.deepEqual(message.match(/id="phone-\d+"/g), [`id="phone-${amina}"`])
  assert.match(message, /Amina Hassan&#39;s phone is ringing: pay Ksh 1,500.00 to Daraja-Sandbox\?/)

  simulator.phones.get(amina).approve()
  await simulator.settled()
  assert.match((await page.next()).message ?? '', /Confirmed\. Ksh1,500\.00/)
  await page.stop()
})

test('the clock on the phones moves with the simulator’s', async () => {
  const { simulator, clock } = merchant()
  const page = await listen(simulator, '/phone/live')
  await page.next()
  await clock.advance('55 s')
  assert.match((await page.next()).clock ?? '', /"20:16"/)
  await page.stop()
})

test('after a reset the page is told which phones are gone', async () => {
  const { simulator } = merchant()
  simulator.phones.get('0733111222')
  const page = await listen(simulator, '/phone/live')
  await page.next()
  simulator.reset()
  assert.deepEqual(JSON.parse((await page.next()).gone ?? ''), ['phone-254733111222', 'jump-254733111222'])
  await page.stop()
})

test('of thousands of phones, the shelf holds those that ring and those where something happened last', async () => {
  const { simulator, clock } = merchant()
  for (let line = 100; line < 400; line++) simulator.phones.get(`0733111${line}`)
  await askToPay(simulator, askAmina)
  await clock.advance('5 minutes')
  await askToPay(simulator, { ...askAmina, PhoneNumber: '254733111399' })
  const page = await textOf(simulator, '/phone')
  assert.equal(page.match(/<article/g)?.length, 24)
  assert.match(page, /id="phone-254733111399"/)
  assert.match(page, /304 phones are known\. Here are the 24/)
})
