import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { amina, invoiced, standOf } from '../../testing/invoices.ts'
import { payer } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { matchMoney } from '../money-in/match.ts'

const shortcode = '174379'
const pageOf = ({ url }: { url: string }) => new URL(url).pathname

/** Pays from the SIM menu; answers the code of the SMS. */
async function byHand({ simulator }: Story, { amount, reference }: { amount: number; reference: string }) {
  simulator.phones.set(amina, { balance: 50_000 })
  const paid = await simulator.phones.get(amina).pay({ shortcode, amount, reference })
  await simulator.settled()
  assert.ok(paid.status === 'paid')
  return paid.receipt
}

/** Names a code at a page, and follows to the answer. */
async function name(told: Story, path: string, fields: Record<string, string>) {
  const { open, send } = payer(told)
  const sent = await send(`${path}/code`, fields)
  return sent.status === 303 ? { ...(await open(sent.to!)), to: sent.to } : sent
}

async function linkOf({ call }: Story, body: object): Promise<any> {
  return (await call('POST', '/v1/payment-links', body)).body.data
}

test('the code of money that came under a wrong reference puts it to the invoice whose payer shows it', () =>
  story({}, async (told) => {
    const { open } = payer(told)
    await told.call('POST', '/v1/mpesa/c2b/register')
    const invoice = await invoiced(told, { reference: 'INV-204', instalments: true })
    const path = pageOf(invoice)
    assert.match((await open(path)).text, /I have paid/)
    assert.match((await open(`${path}/code?lang=sw`)).text, /Nimeshalipa.*Msimbo ulio kwenye SMS/)
    const code = await byHand(told, { amount: 1500, reference: 'INV2O4' })
    const sms = `${code} Confirmed. Ksh1,500.00 sent to DUKA LA MFANO for account INV2O4 on 20/11/26 at 2:30 PM.`
    const [answer] = [await name(told, path, { code: sms }), await name(told, path, { code })]
    assert.equal(answer.to, path)
    assert.match(answer.text, new RegExp(`KSh 3,000.*Paid so far.*${code}`))
    assert.equal(await standOf(told, invoice), 'part_paid 1500 3000 0')
    const { body } = await told.call('GET', '/v1/payments')
    const evidence = await told.call('GET', `/v1/payments/${body.data[0].id}/evidence`)
    assert.match(JSON.stringify(evidence.body.data), /The payer named this receipt at the page of the invoice INV-204/)
    for (const [typed, sentence] of [
      ['', 'Write the code of the SMS.'],
      ['0712345678', 'This is no code of M-PESA.'],
    ] as const) {
      const wrong = await name(told, path, { code: typed })
      assert.equal(wrong.status, 400)
      assert.ok(wrong.text.includes(sentence))
    }
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('what is not the payer’s to claim is put to no invoice, and nothing is told of whose it is', () =>
  story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    const old = await byHand(told, { amount: 4500, reference: 'OLD' })
    await told.advance('2 hours')
    const [mine, theirs] = [
      await invoiced(told, { reference: 'INV-204' }),
      await invoiced(told, { reference: 'INV-205', instalments: true }),
    ]
    const path = pageOf(mine)
    const used = await byHand(told, { amount: 1000, reference: 'INV-205' })
    const meant = await byHand(told, { amount: 4500, reference: 'SHOES' })
    await told.pay({ amount: 4500, account_reference: 'SHOES-2', phone: undefined })
    for (const [code, sentence] of [
      [used, /was used already.*It belongs to another payment/],
      [await byHand(told, { amount: 4400, reference: 'X' }), /is of another amount.*do not pay again/],
      [old, /We see the money.*may be for something else/],
      ['UKK7X2M4QA', /We are asking M-PESA|M-PESA has not told us/],
    ] as const) {
      const { text } = await name(told, path, { code })
      assert.match(text, sentence)
      assert.doesNotMatch(text, /INV-205|0712|1,000/)
    }
    // Two that name one code before a person could: the first has it.
    assert.deepEqual(
      (await Promise.all([name(told, path, { code: meant }), name(told, pageOf(theirs), { code: meant })])).map(
        ({ status }) => status,
      ),
      [200, 200],
    )
    const stands = [await standOf(told, mine), await standOf(told, theirs)].join(', ')
    assert.equal(stands, 'paid 4500 0 0, part_paid 1000 3500 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('a code that was named at an invoice before its money came pays it when it comes; of two that named it neither has it', () =>
  story({ operator: {} }, async (told) => {
    const { post, lastCallback, context } = told
    await told.call('POST', '/v1/mpesa/c2b/register')
    const [mine, other] = [await invoiced(told, { reference: 'A-1' }), await invoiced(told, { reference: 'B-1' })]
    const { to, text } = await name(told, pageOf(mine), { code: 'UKK7X2M4QA' })
    assert.match(text, /UKK7X2M4QA/)
    for (const one of [mine, other]) await name(told, pageOf(one), { code: 'UKK8X2M4QA' })
    await told.simulator.phones.get(amina).pay({ shortcode, amount: 20, reference: 'SEEN' })
    await told.simulator.settled()
    const { path: address, body } = lastCallback()
    for (const TransID of ['UKK8X2M4QA', 'UKK7X2M4QA'])
      await post(address, { ...body, TransID, TransAmount: '4500.00', BillRefNumber: 'SHOES' })
    await told.advance('4 minutes')
    await matchMoney.run(context)
    assert.equal(await standOf(told, mine), 'paid 4500 0 0')
    assert.equal(await standOf(told, other), 'open 0 4500 0')
    assert.match((await payer(told).open(to!.replace(/\?.*/, ''))).to ?? '', /inv_/)
    const { body: list } = await told.call('GET', '/v1/money-in?unmatched=true&receipt=UKK8X2M4QA')
    assert.equal(list.data.length, 1)
  }))

test('nobody guesses codes at an invoice, nor without end at a link', () =>
  story({ operator: {} }, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    const invoice = await invoiced(told)
    const code = await byHand(told, { amount: 4500, reference: 'SHOES' })
    const guesses = (count: number) => Array.from({ length: count }, (_, index) => `UKK7X2M4${10 + index}`)
    await Promise.all(guesses(10).map((guess) => name(told, pageOf(invoice), { code: guess })))
    const refused = await name(told, pageOf(invoice), { code })
    assert.deepEqual([refused.status, await standOf(told, invoice)], [429, 'open 0 4500 0'])
    assert.match(refused.text, /one code too many/)
    // Whoever mistyped it so often may try again later.
    await told.advance('61 minutes')
    assert.equal((await name(told, pageOf(invoice), { code })).to, pageOf(invoice))
    const link = await linkOf(told, { name: 'Sadaka' })
    await Promise.all(guesses(30).map((guess) => name(told, pageOf(link), { code: guess })))
    assert.equal((await name(told, pageOf(link), { code: 'UKK7X2M4QA' })).status, 429)
  }))

test('a code that was paid at a link begins a payment there that it completes, for its payer alone', () =>
  story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register')
    const [fixed, free] = [await linkOf(told, { name: 'Chama', amount: 500 }), await linkOf(told, { name: 'Sadaka' })]
    const code = await byHand(told, { amount: 500, reference: 'CHAMA' })
    const first = await name(told, pageOf(fixed), { code, seen: '0' })
    assert.match(first.to!, /^\/pay\/pay_/)
    assert.equal((await told.call('GET', `/v1/payment-links/${fixed.id}`)).body.data.uses, 1)
    // Pressed twice, and shown by somebody else at the next table.
    const again = await name(told, pageOf(fixed), { code, seen: '0' })
    assert.equal(again.status, 409)
    const stranger = await name(told, pageOf(free), { code, seen: '1' })
    assert.match(stranger.text, /was used already/)
    assert.doesNotMatch(stranger.text, /0712|Amina|500/)
    const other = await byHand(told, { amount: 700, reference: 'X' })
    assert.match((await name(told, pageOf(fixed), { code: other })).text, /is of another amount/)
    const given = await name(told, pageOf(free), { code: other, seen: '0' })
    assert.match(given.to!, /^\/pay\/pay_/)
    // Of money that nobody knows of yet, only its payer can say how much it was.
    assert.match((await name(told, pageOf(free), { code: 'UKK7X2M4QA' })).text, /Write how much you pay/)
    const unknown = await name(told, pageOf(free), { code: 'UKK7X2M4QA', amount: '300' })
    assert.match(unknown.to!, /^\/pay\/pay_.*code=UKK7X2M4QA/)
    assert.match(unknown.text, /KSh 300.*UKK7X2M4QA/)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('a link takes no more payments than it may, whoever begins at the same moment; what failed leaves its place', () =>
  story({}, async (told) => {
    const { send } = payer(told)
    const link = await linkOf(told, { name: 'Tiketi', amount: 500, max_uses: 3 })
    const phones = Array.from({ length: 8 }, (_, index) => `072200040${index}`)
    const begun = await Promise.all(phones.map((phone) => send(pageOf(link), { phone, seen: '0' })))
    const statuses = begun.map(({ status }) => status)
    assert.deepEqual(
      [statuses.filter((status) => status === 303).length, statuses.filter((status) => status === 409).length],
      [3, 5],
    )
    assert.match(begun.find(({ status }) => status === 409)!.text, /Somebody is paying the last one at this moment/)
    const [failing, ...others] = phones.filter((_, index) => statuses[index] === 303)
    told.simulator.phones.get(failing!).cancel()
    for (const phone of others) told.simulator.phones.get(phone).approve()
    await told.simulator.settled()
    // Its payer tries again while others come, too: one place is free.
    const place = begun[phones.indexOf(failing!)]!.to!
    const late = phones.filter((_, index) => statuses[index] === 409)
    const tried = await Promise.all([
      send(`${place}/again`, { phone: 'same' }),
      ...late.map((phone) => send(pageOf(link), { phone, seen: '9' })),
    ])
    const { body } = await told.call('GET', '/v1/payments?limit=100')
    const standing = body.data.filter((one: any) => one.status !== 'failed')
    assert.equal(standing.length, 3, JSON.stringify(tried.map(({ status, to }) => [status, to])))
    for (const phone of phones)
      if (told.simulator.phones.get(phone).prompts.length > 0) told.simulator.phones.get(phone).approve()
    await told.simulator.settled()
    assert.deepEqual(
      (({ status, uses }) => [status, uses])((await told.call('GET', `/v1/payment-links/${link.id}`)).body.data),
      ['ended', 3],
    )
  }))
