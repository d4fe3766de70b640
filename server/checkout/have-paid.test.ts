import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, payer } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story, StoryOptions } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { findReceived } from '../money-in/find.ts'
import { matchMoney } from '../money-in/match.ts'
import { readCode } from './code.ts'

const shortcode = '174379'
const order = { amount: 1500, account_reference: 'INV-204' }

type Scene = Story & {
  /** A payment that waits at its checkout, and where that is. */
  asked(changes?: Record<string, unknown>): Promise<{ id: string; path: string }>
  /** Somebody pays from the SIM menu; the code of their SMS. */
  byHand(payment: { amount?: number; reference: string }): Promise<string>
  open: ReturnType<typeof payer>['open']
  /** Names a code at a checkout, and follows to the answer. */
  name(path: string, code: string): Promise<{ status: number; text: string; to: string | null }>
  statusOf(id: string): Promise<string>
}

/** A shop that hears of payments from the menu, unless it `isDeaf`. */
function scene({ isDeaf, ...options }: StoryOptions & { isDeaf?: boolean }, plot: (scene: Scene) => Promise<void>) {
  return story(options, async (told) => {
    if (!isDeaf) await told.call('POST', '/v1/mpesa/c2b/register', {})
    const { open, send } = payer(told)
    await plot({
      ...told,
      open,
      async asked(changes = {}) {
        const payment = await told.pay({ ...order, phone: undefined, ...changes })
        return { id: payment.id, path: pathOf(payment) }
      },
      async byHand({ amount = 1500, reference }) {
        const paid = await told.simulator.phones.get('0712345678').pay({ shortcode, amount, reference })
        await told.simulator.settled()
        assert.ok(paid.status === 'paid')
        return paid.receipt
      },
      async name(path, code) {
        const sent = await send(`${path}/code`, { code })
        return sent.status === 303 ? { ...(await open(sent.to!)), to: sent.to } : sent
      },
      statusOf: async (id) => (await told.payment(id)).status,
    })
  })
}

test('money that came under a wrong reference completes the payment whose payer shows its code', () =>
  scene({}, async ({ asked, byHand, name, payment, call }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'INV2O4' })
    const { to, text } = await name(path, code)
    assert.equal(to, path)
    assert.match(text, /Paid\. Asante!/)
    assert.ok(text.includes(code))
    const { status, provider_receipt, amount_received } = await payment(id)
    assert.deepEqual([status, provider_receipt, amount_received], ['completed', code, '1500.00'])
    const { body } = await call('GET', `/v1/payments/${id}/evidence`)
    assert.match(JSON.stringify(body.data), /The payer named this receipt at the checkout/)
    assert.equal((await call('GET', '/v1/money-in?unmatched=true')).body.data.length, 0)
  }))

test('a whole SMS may be pasted, and a second press changes nothing', () =>
  scene({}, async ({ asked, byHand, name, statusOf, call }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'SHOES' })
    const sms = `${code} Confirmed. Ksh1,500.00 sent to DUKA LA MFANO for account SHOES on 20/11/26 at 2:30 PM.`
    await Promise.all([name(path, sms), name(path, sms)])
    assert.equal(await statusOf(id), 'completed')
    const { body } = await call('GET', '/v1/events?type=payment.completed')
    assert.equal(body.data.length, 1)
  }))

test('a code that belongs to another payment completes nothing, and tells nothing of whose it is', () =>
  scene({}, async ({ asked, byHand, name, statusOf }) => {
    const first = await asked()
    const code = await byHand({ reference: 'INV-204' })
    assert.equal(await statusOf(first.id), 'completed')
    const second = await asked({ account_reference: 'INV-205' })
    const { text } = await name(second.path, code)
    assert.match(text, /was used already.*It belongs to another payment/)
    assert.doesNotMatch(text, /INV-204|0712/)
    assert.equal(await statusOf(second.id), 'pending')
  }))

test('a code of another amount completes nothing, and the payer is told not to pay again', () =>
  scene({}, async ({ asked, byHand, name, statusOf }) => {
    const { id, path } = await asked()
    const { text } = await name(path, await byHand({ amount: 1050, reference: 'SHOES' }))
    assert.match(text, /is of another amount.*do not pay again before you have asked/)
    assert.doesNotMatch(text, /1,050/)
    assert.equal(await statusOf(id), 'pending')
  }))

test('money with the reference of another payment that waits is not given away on a word', () =>
  scene({}, async ({ asked, byHand, name, statusOf }) => {
    const mine = await asked()
    const theirs = await asked({ amount: 2000, account_reference: 'INV-205' })
    const { text } = await name(mine.path, await byHand({ reference: 'INV-205' }))
    assert.match(text, /We see the money.*may be for something else/)
    assert.deepEqual([await statusOf(mine.id), await statusOf(theirs.id)], ['pending', 'pending'])
  }))

test('a second receipt of another payment is not given away on a word', () =>
  scene({}, async ({ asked, name, statusOf, simulator, lastCallback, post }) => {
    const first = await asked({ phone: '0712345678' })
    simulator.phones.get('0712345678').approve()
    assert.equal(await statusOf(first.id), 'completed')
    const { path: address, body } = lastCallback()
    const Item = [
      { Name: 'Amount', Value: 1500 },
      { Name: 'MpesaReceiptNumber', Value: 'UKK7X2M4QA' },
    ]
    await post(address, { Body: { stkCallback: { ...body.Body.stkCallback, CallbackMetadata: { Item } } } })
    const second = await asked({ account_reference: 'INV-205' })
    assert.match((await name(second.path, 'UKK7X2M4QA')).text, /We see the money.*may be for something else/)
    assert.equal(await statusOf(second.id), 'pending')
  }))

test('a code is looked for in the books of its own merchant, whoever else asks for the same at this moment', () =>
  scene({}, async ({ asked, byHand, context, merchant }) => {
    const { id } = await asked()
    const receipt = await byHand({ reference: 'SHOES' })
    const mine = { merchant_id: merchant.id, provider: 'mpesa', environment: 'simulator', receipt } as const
    const theirs = { ...mine, merchant_id: parseId('pay', id)! }
    const found = await Promise.all([mine, theirs].map((money) => context.gather(findReceived, money)))
    assert.deepEqual(
      found.map((money) => money?.receipt),
      [receipt, undefined],
    )
  }))

test('money that several payments could explain is waited for first', () =>
  scene({}, async ({ asked, byHand, name, statusOf, context, clock }) => {
    const first = await asked()
    await clock.advance('61 seconds')
    const second = await asked()
    const code = await byHand({ reference: 'INV-204' })
    assert.match((await name(first.path, code)).text, /We are finding out whose it is/)
    assert.equal(await statusOf(first.id), 'pending')
    await clock.advance('4 minutes')
    await matchMoney.run(context)
    assert.match((await name(first.path, code)).text, /Paid\. Asante!/)
    assert.equal(await statusOf(second.id), 'pending')
  }))

test('money of long before the payment was made is not its money', () =>
  scene({}, async ({ asked, byHand, name, statusOf, clock }) => {
    const code = await byHand({ reference: 'OLD' })
    await clock.advance('2 hours')
    const { id, path } = await asked()
    assert.match((await name(path, code)).text, /We see the money.*may be for something else/)
    assert.equal(await statusOf(id), 'pending')
  }))

test('money that went back completes nothing', () =>
  scene({}, async ({ asked, byHand, name, statusOf, context }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'SHOES' })
    await context.database.query(
      sql`update money_in set reversed_at = ${context.clock.now()}, reversed_cents = amount_cents where receipt = ${code}`,
    )
    assert.match((await name(path, code)).text, /This money went back/)
    assert.equal(await statusOf(id), 'pending')
  }))

test('a code that is not in the books is asked for at M-Pesa, and the payment completes when M-Pesa knows it', () =>
  scene({ isDeaf: true }, async ({ asked, byHand, name, open, statusOf, simulator, context, advance }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'INV-204' })
    const late = { api: 'transactionstatus', fault: 'late_callback', probability: 1, delay_ms: 5_000 } as const
    simulator.faults.set({ rules: [late] })
    const { to, text } = await name(path, code)
    assert.match(text, /We are asking M-PESA/)
    assert.equal(await statusOf(id), 'pending')
    await advance('6 seconds')
    await matchMoney.run(context)
    assert.equal(await statusOf(id), 'completed')
    assert.equal((await open(to!)).to, path)
  }))

test('M-Pesa is asked once a minute at most about a code', () =>
  scene({ isDeaf: true }, async ({ asked, name, simulator, clock }) => {
    const { path } = await asked()
    const questions = () =>
      simulator.log().filter(({ direction, api }) => direction === 'in' && api === 'transactionstatus')
    for (let press = 0; press < 3; press++) await name(path, 'UKK7X2M4QA')
    await simulator.settled()
    assert.equal(questions().length, 1)
    await clock.advance('61 seconds')
    await name(path, 'UKK7X2M4QA')
    await simulator.settled()
    assert.equal(questions().length, 2)
  }))

test('a code that nobody knows is said to be so, and nothing is completed', () =>
  scene({ operator: {} }, async ({ asked, name, statusOf }) => {
    const { id, path } = await asked()
    const { text } = await name(path, 'ukk 9z0o 1il')
    assert.match(text, /M-PESA has not told us of UKK9Z0O1IL.*O and 0, I and 1 look alike/)
    assert.equal(await statusOf(id), 'pending')
  }))

test('a code that is named before its money comes completes the payment when it comes, with nobody at the page', () =>
  scene({ operator: {} }, async ({ asked, name, statusOf, simulator, post, lastCallback }) => {
    const { id, path } = await asked()
    await name(path, 'UKK7X2M4QA')
    const other = await asked({ amount: 20, account_reference: 'SEEN' })
    await simulator.phones.get('0712345678').pay({ shortcode, amount: 20, reference: 'SEEN' })
    await simulator.settled()
    assert.equal(await statusOf(other.id), 'completed')
    const { path: address, body } = lastCallback()
    await post(address, { ...body, TransID: 'UKK7X2M4QA', TransAmount: '1500.00', BillRefNumber: 'SHOES' })
    assert.equal(await statusOf(id), 'completed')
  }))

test('of two payments that claim one receipt before it comes, neither gets it on a word', () =>
  scene({ operator: {} }, async ({ asked, name, statusOf, simulator, post, lastCallback, call }) => {
    const [first, second] = [await asked(), await asked({ account_reference: 'INV-205' })]
    for (const { path } of [first, second]) await name(path, 'UKK7X2M4QA')
    await simulator.phones.get('0712345678').pay({ shortcode, amount: 20, reference: 'SEEN' })
    await simulator.settled()
    const { path: address, body } = lastCallback()
    await post(address, { ...body, TransID: 'UKK7X2M4QA', TransAmount: '1500.00', BillRefNumber: 'SHOES' })
    assert.deepEqual([await statusOf(first.id), await statusOf(second.id)], ['pending', 'pending'])
    const { body: list } = await call('GET', '/v1/money-in?unmatched=true&receipt=UKK7X2M4QA')
    assert.equal(list.data.length, 1)
  }))

test('nobody guesses: after ten codes a payment takes no more', () =>
  scene({ operator: {} }, async ({ asked, byHand, name, statusOf }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'SHOES' })
    for (let guess = 0; guess < 10; guess++) await name(path, `UKK7X2M4Q${guess}`)
    const { status, text } = await name(path, code)
    assert.equal(status, 429)
    assert.match(text, /That was one code too many/)
    assert.equal(await statusOf(id), 'pending')
  }))

test('nobody guesses by naming many codes at once: of thirty a payment takes ten', () =>
  scene({}, async ({ asked, name }) => {
    const { path } = await asked()
    const codes = Array.from({ length: 30 }, (_, guess) => `UKK7X2M4${guess + 10}`)
    const answers = await Promise.all(codes.map((code) => name(path, code)))
    assert.equal(answers.filter(({ status }) => status !== 429).length, 10)
  }))

test('an address with a code that nobody named tells nothing of it', () =>
  scene({}, async ({ asked, byHand, open, statusOf }) => {
    const { id, path } = await asked()
    const code = await byHand({ reference: 'SHOES' })
    const { text } = await open(`${path}/code?code=${code}`)
    assert.match(text, /I have paid.*Look for my payment/)
    assert.doesNotMatch(text, /We see the money|used already/)
    assert.equal(await statusOf(id), 'pending')
  }))

for (const [typed, sentence] of [
  ['', 'Write the code of the SMS.'],
  ['KSH1500', 'This is no code of M-PESA.'],
  ['0712345678', 'This is no code of M-PESA.'],
  ['<b>UKK</b>', 'This is no code of M-PESA.'],
] as const) {
  test(`"${typed}" is no code: the page says so at the field, and keeps it`, () =>
    scene({}, async ({ asked, name }) => {
      const { path } = await asked()
      const { status, text } = await name(path, typed)
      assert.equal(status, 400)
      assert.ok(text.includes(sentence))
    }))
}

for (const [typed, code] of [
  ['UKK7X2M4QA', 'UKK7X2M4QA'],
  [' ukk7x2m4qa ', 'UKK7X2M4QA'],
  ['UKK7 X2M4 QA', 'UKK7X2M4QA'],
  ['UKK7X2M4QA Confirmed. Ksh1,500.00 sent to DUKA', 'UKK7X2M4QA'],
  ['Umethibitisha UKK7X2M4QA. Ksh', 'UKK7X2M4QA'],
  ['0712345678', undefined],
  ['UKKXMQABCD', 'UKKXMQABCD'],
  ['UKKXMQABCD Imethibitishwa', 'UKKXMQABCD'],
  ['It was confirmed by M-PESA', undefined],
  ['UKK7X2M4QAB', undefined],
  ['', undefined],
] as const) {
  test(`the code in "${typed}" is ${code ?? 'none'}`, () => assert.equal(readCode(typed), code))
}
