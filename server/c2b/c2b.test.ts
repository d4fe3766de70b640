import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { matchMoney } from '../money-in/match.ts'
import { keepToken } from '../accounts/kept-token.ts'
import { defaultAccount } from '../accounts/named.ts'
import { makeToken } from '../token.ts'
import { registerC2b } from './register.ts'

const amina = '0712345678'
const shortcode = '174379'

type Scene = Story & {
  /** A customer pays from the SIM menu, and everything comes to rest. */
  byHand(payment: { amount: number; reference: string }): Promise<{ status: string; code?: string; receipt?: string }>
  unmatched(): Promise<any[]>
  /** How often the merchant was told what. */
  told(): Promise<Record<string, number>>
}

/** A shop that has registered to hear of payments from the menu. */
function scene(plot: (scene: Scene) => Promise<void>, options: Parameters<typeof story>[0] = {}): Promise<void> {
  return story(options, async (told) => {
    const { status, body } = await told.call('POST', '/v1/mpesa/c2b/register', {})
    assert.equal(status, 200, JSON.stringify(body))
    await plot({
      ...told,
      async byHand(payment) {
        const outcome = await told.simulator.phones.get(amina).pay({ shortcode, ...payment })
        await told.simulator.settled()
        return outcome
      },
      unmatched: async () => (await told.call('GET', '/v1/money-in?unmatched=true')).body.data,
      async told() {
        const rows = await told.context.database.query<{ type: string; count: number }>(
          sql`select type, count(*) from events group by type`,
        )
        return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
      },
    })
  })
}

/** The body of a confirmation, as Safaricom posts it. */
const confirmation = (changes: Record<string, unknown> = {}) => ({
  TransactionType: 'Pay Bill',
  TransID: 'UKK7X2M4QA',
  TransTime: '20261120143000',
  TransAmount: '500.00',
  BusinessShortCode: shortcode,
  BillRefNumber: 'INV-204',
  InvoiceNumber: '',
  OrgAccountBalance: '100500.00',
  ThirdPartyTransID: '',
  MSISDN: '2547 ***** 678',
  FirstName: 'AMINA',
  MiddleName: '',
  LastName: '',
  ...changes,
})

async function addressOf({ context, merchant }: Story, channel: string): Promise<string> {
  const account = await defaultAccount(context, merchant.id, 'mpesa')
  return `/v1/in/${await keepToken(context, account, 'c2b')}/${channel}`
}

test('a customer who pays from the menu with the reference and amount of a pending payment completes it', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const { receipt } = await told.byHand({ amount: 500, reference: 'INV-204' })
    const paid = await told.payment(id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.provider_receipt, receipt)
    assert.deepEqual(await told.told(), { 'c2b.received': 1, 'payment.completed': 1 })
    assert.deepEqual(await told.unmatched(), [])
    const { body } = await told.call('GET', `/v1/payments/${id}/evidence`)
    assert.match(body.data.at(-1).raw, /"TransID"/, 'the body that told of the money is shown with the payment')
  }))

test('money with a reference that nobody knows is unmatched, with what is known of its payer', () =>
  scene(async (told) => {
    const { receipt } = await told.byHand({ amount: 500, reference: 'SHOES' })
    const [money, ...more] = await told.unmatched()
    assert.equal(more.length, 0)
    assert.equal(money.receipt, receipt)
    assert.equal(money.amount, '500.00')
    assert.equal(money.account_reference, 'SHOES')
    assert.deepEqual(money.payer, { name: 'AMINA', phone: '2547 ***** 678' })
    assert.equal(money.unmatched_because, 'no_payment')
    assert.deepEqual(await told.told(), { 'c2b.received': 1 })
  }))

test('the same confirmation many times at once is one receipt and one event', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const address = await addressOf(told, 'confirmation')
    const replies = await Promise.all(Array.from({ length: 30 }, () => told.post(address, confirmation())))
    for (const reply of replies) assert.deepEqual(await reply.json(), { ResultCode: 0, ResultDesc: 'Success' })
    await told.post(address, confirmation())
    assert.equal((await told.payment(id)).status, 'completed')
    assert.deepEqual(await told.told(), { 'c2b.received': 1, 'payment.completed': 1 })
    assert.equal((await told.call('GET', '/v1/money-in')).body.data.length, 1)
    const { count } = await told.context.database.one<{ count: number }>(
      sql`select count(*) from callbacks where kind = 'c2b'`,
    )
    assert.equal(count, 31, 'every body is kept')
  }))

test('where several payments could be meant the money waits for their own callbacks, and then names them', () =>
  scene(async (told) => {
    const first = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'RENT' })
    const second = await told.pay({ phone: '0799000121', amount: 500, account_reference: 'RENT' })
    await told.byHand({ amount: 500, reference: 'RENT' })
    const [waiting] = await told.unmatched()
    assert.equal(waiting.waits_until, '2026-11-20T11:33:00.000Z')
    assert.equal(await matchMoney.run(told.context), 0)
    await told.advance('181 s')
    assert.equal(await matchMoney.run(told.context), 1)
    const [money] = await told.unmatched()
    assert.equal(money.waits_until, null)
    assert.equal(money.unmatched_because, 'several_payments')
    assert.deepEqual(new Set(money.candidates), new Set([first.id, second.id]))
    assert.equal(await matchMoney.run(told.context), 0)
  }))

for (const order of ['confirmation first', 'callback first'] as const) {
  test(`a push of which both callbacks come is counted once, the ${order}`, () =>
    scene(async (told) => {
      told.simulator.settings.set({ c2b_confirmation_on_stk: true })
      const late = order === 'confirmation first' ? 'stkpush' : 'c2b'
      told.simulator.faults.set({ rules: [{ api: late, fault: 'drop_callback', probability: 1 }] })
      const { id } = await told.pay({ amount: 500 })
      told.simulator.phones.get(amina).approve()
      assert.equal((await told.payment(id)).status, 'completed')
      const lost = told.simulator.log().find(({ api, direction }) => api === late && direction === 'out')
      await told.simulator.resend(lost!.id)
      const paid = await told.payment(id)
      assert.equal(paid.status, 'completed')
      assert.equal(paid.amount_received, '500.00')
      const { body } = await told.call('GET', '/v1/money-in')
      assert.equal(body.data.length, 1)
      assert.equal(body.data[0].payment_id, id)
      assert.equal((await told.told())['payment.completed'], 1)
    }))
}

test('money that was known from the records alone looks for its payment once more when the provider tells of it', () =>
  scene(async (told) => {
    await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    told.simulator.faults.set({ rules: [{ api: 'c2b', fault: 'drop_callback', probability: 1 }] })
    await told.byHand({ amount: 500, reference: 'INV-204' })
    assert.equal((await told.call('POST', '/v1/reconciliation/runs')).body.data.report.not_found.count, 1)
    const lost = told.simulator.log().find(({ api, direction, fault }) => api === 'c2b' && direction === 'out' && fault)
    for (let times = 0; times < 2; times++) {
      await told.simulator.resend(lost!.id)
      await matchMoney.run(told.context)
      assert.equal((await told.payment(id)).status, 'completed')
    }
    assert.deepEqual(await told.told(), { 'c2b.received': 1, 'payment.completed': 1 })
  }))

test('the callback of a payment takes its receipt over from unmatched', () =>
  scene(
    async (told) => {
      told.simulator.settings.set({ c2b_confirmation_on_stk: true })
      told.simulator.faults.set({
        rules: [{ api: 'stkpush', fault: 'late_callback', probability: 1, delay_ms: 400_000 }],
      })
      const { id } = await told.pay({ amount: 500, account_reference: 'RENT' })
      const other = await told.pay({ amount: 500, account_reference: 'RENT', phone: '0799000120' })
      told.simulator.phones.get(amina).approve()
      await told.advance('200 s')
      await matchMoney.run(told.context)
      const [money] = await told.unmatched()
      assert.equal(money.unmatched_because, 'several_payments')
      await told.advance('201 s')
      assert.equal((await told.payment(id)).provider_receipt, money.receipt)
      assert.equal((await told.payment(other.id)).status, 'pending')
      assert.deepEqual(await told.unmatched(), [])
      assert.deepEqual(await told.told(), { 'c2b.received': 1, 'payment.completed': 1 })
    },
    { promptLifeMs: 6_000_000 },
  ))

test('money that could belong to a payment completed without a receipt never pays for its neighbour', () =>
  scene(async (told) => {
    const checked = await told.pay({ amount: 500, account_reference: 'RENT' })
    const pending = await told.pay({ amount: 500, account_reference: 'RENT', phone: '0799000120' })
    await told.context.database.query(sql`
      update payments set status = 'completed', version = 1, completed_at = created_at, receipt_due_at = created_at where phone = '254712345678'`)
    await told.byHand({ amount: 500, reference: 'RENT' })
    assert.equal((await told.payment(pending.id)).status, 'pending')
    assert.deepEqual(new Set((await told.unmatched())[0].candidates), new Set([checked.id, pending.id]))
  }))

test('two customers who pay by hand for one payment: one completes it, the money of the other is unmatched', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const address = await addressOf(told, 'confirmation')
    await Promise.all(['UKK7X2M4QA', 'UKK7X2M4QB'].map((TransID) => told.post(address, confirmation({ TransID }))))
    assert.equal((await told.payment(id)).amount_received, '500.00')
    assert.equal((await told.unmatched()).length, 1)
    assert.deepEqual(await told.told(), { 'c2b.received': 2, 'payment.completed': 1 })
  }))

test('money for a short code that is none of the merchant is in the books, settles nothing, and is shown', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const address = await addressOf(told, 'confirmation')
    for (let repeat = 0; repeat < 2; repeat++)
      assert.equal((await told.post(address, confirmation({ BusinessShortCode: '5551234' }))).status, 200)
    const [money, ...more] = await told.unmatched()
    assert.deepEqual(
      [money.receipt, money.amount, money.unmatched_because],
      ['UKK7X2M4QA', '500.00', 'other_shortcode'],
    )
    assert.deepEqual(more, [])
    await told.sweep('money')
    assert.equal((await told.unmatched())[0].unmatched_because, 'other_shortcode')
    assert.deepEqual([(await told.payment(id)).status, await told.told()], ['pending', { 'c2b.received': 1 }])
    const given = await told.call('POST', '/v1/money-in/UKK7X2M4QA/assign', { payment_id: id })
    assert.equal(given.body.data.payment_id, id)
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('money for another short code of the merchant finds the payment of that one', () =>
  scene(async (told) => {
    const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const mpesa = { env: 'simulator', consumer_key: 'k', consumer_secret: 's', passkey: 'p', shortcode: '600000' }
    await told.call('PUT', '/v1/merchant/providers/mpesa', { mpesa })
    const address = await addressOf(told, 'confirmation')
    assert.equal((await told.post(address, confirmation())).status, 200)
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('a confirmation that does not say that money moved enters nothing', () =>
  scene(async (told) => {
    const address = await addressOf(told, 'confirmation')
    const bare = address.replace('/confirmation', '')
    assert.equal((await told.post(bare, confirmation({ OrgAccountBalance: '' }))).status, 400)
    assert.deepEqual((await told.call('GET', '/v1/money-in')).body.data, [])
    const { count } = await told.context.database.one<{ count: number }>(
      sql`select count(*) from callbacks where problem is not null`,
    )
    assert.equal(count, 1, 'it is kept, with what is wrong with it')
    assert.equal((await told.post(bare, confirmation())).status, 200)
    assert.equal((await told.unmatched()).length, 1)
  }))

test('a confirmation of an amount that cannot be read enters nothing; it is kept with the reason, and the records are asked soon', () =>
  scene(async (told) => {
    const address = await addressOf(told, 'confirmation')
    const { database, clock } = told.context
    const amounts = ['1,00', 'USD 100', '', null, true, [100], {}, '-5', 0]
    for (const [index, TransAmount] of amounts.entries()) {
      await database.query(
        sql`update provider_accounts set reconcile_at = ${new Date(clock.now().getTime() + 900_000)}`,
      )
      const { status } = await told.post(address, confirmation({ TransAmount, TransID: `UKK7X2M4Q${index}` }))
      assert.equal(status, 200, JSON.stringify(TransAmount))
      const { reconcile_at } = await database.one<{ reconcile_at: Date }>(
        sql`select reconcile_at from provider_accounts`,
      )
      assert.deepEqual(reconcile_at, clock.now())
    }
    assert.deepEqual((await told.call('GET', '/v1/money-in')).body.data, [])
    const { count } = await database.one<{ count: number }>(
      sql`select count(*) from callbacks where problem like 'unreadable_amount%'`,
    )
    assert.equal(count, amounts.length)
  }))

test('a confirmation that tells another amount of a receipt than the books have changes nothing, and is shown', () =>
  scene(async (told) => {
    const address = await addressOf(told, 'confirmation')
    for (const TransAmount of ['100.00', '100', '120.00']) await told.post(address, confirmation({ TransAmount }))
    const { data } = (await told.call('GET', '/v1/money-in')).body
    assert.deepEqual(
      data.map(({ amount }: { amount: string }) => amount),
      ['100.00'],
    )
    const shown = (await told.call('GET', '/v1/attention')).body.data.filter(
      ({ kind }: { kind: string }) => kind === 'callback',
    )
    assert.equal(shown.length, 1)
    assert.match(shown[0].reasons[0].message, /120\.00, and the books have 100\.00/)
    assert.match(shown[0].body, /"120\.00"/)
  }))

test('a confirmation whose amount is written as people write it is entered', () =>
  scene(async (told) => {
    for (const [index, TransAmount] of ['1,000.00', 'KES 1000', 'Ksh1000'].entries())
      await told.post(
        await addressOf(told, 'confirmation'),
        confirmation({ TransAmount, TransID: `UKK7X2M4Q${index}` }),
      )
    assert.deepEqual(
      (await told.unmatched()).map(({ amount }: { amount: string }) => amount),
      ['1000.00', '1000.00', '1000.00'],
    )
  }))

for (const typed of ['inv-204', 'INV 204', 'INV204', 'INV-204.', 'INV–204', ' Inv-204 '])
  test(`a customer who types "${typed}" pays the payment that was sent as INV-204`, () =>
    scene(async (told) => {
      const { id } = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
      await told.post(
        await addressOf(told, 'confirmation'),
        confirmation({ BillRefNumber: typed, TransAmount: '500.00' }),
      )
      assert.equal((await told.payment(id)).status, 'completed')
    }))

test('of two references that look alike the exact one is paid, and where none is exact a person decides', () =>
  scene(async (told) => {
    const dashed = await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
    const plain = await told.pay({ phone: '0799000121', amount: 500, account_reference: 'INV204' })
    const post = async (BillRefNumber: string, TransID: string) =>
      told.post(await addressOf(told, 'confirmation'), confirmation({ BillRefNumber, TransID, TransAmount: '500.00' }))
    await post('inv 204', 'UKK7X2M4Q1')
    assert.equal((await told.payment(dashed.id)).status, 'pending')
    assert.equal((await told.payment(plain.id)).status, 'pending')
    await post('INV204', 'UKK7X2M4Q2')
    assert.equal((await told.payment(dashed.id)).status, 'pending')
    assert.equal((await told.payment(plain.id)).status, 'completed')
  }))

test('a confirmation whose JSON begins with a byte order mark is entered', () =>
  scene(async (told) => {
    await told.post(await addressOf(told, 'confirmation'), `\uFEFF${JSON.stringify(confirmation())}`)
    assert.equal((await told.unmatched()).length, 1)
  }))

test('a confirmation with characters that no table can hold is entered, and shows where they were', () =>
  scene(async (told) => {
    const address = await addressOf(told, 'confirmation')
    const odd = JSON.stringify(confirmation()).replace(/"(FirstName|BillRefNumber)":"/g, '$&\\u0000\\ud83d')
    assert.equal((await told.post(address, odd)).status, 200)
    const [money] = await told.unmatched()
    assert.deepEqual(
      [money.receipt, money.amount, money.account_reference],
      ['UKK7X2M4QA', '500.00', '\ufffd\ufffdINV-204'],
    )
  }))

test('a live confirmation from an address that is not of Safaricom enters nothing', () =>
  story({ environment: 'live' }, async (told) => {
    const address = await addressOf(told, 'confirmation')
    assert.equal((await told.post(address, confirmation())).status, 200)
    assert.deepEqual((await told.call('GET', '/v1/money-in')).body.data, [])
  }))

test('the tokens of the addresses survive a change of the installation’s keys', () =>
  scene(async (told) => {
    const { current } = told.context.config.secretKeys
    const subject = {
      provider: 'mpesa',
      merchant_id: told.merchant.id,
      kind: 'c2b',
      subject_id: (await defaultAccount(told.context, told.merchant.id, 'mpesa')).id,
    } as const
    const token = makeToken({ current: Buffer.alloc(32, 9), previous: [current] }, subject)
    await told.context.database.query(sql`update provider_accounts set c2b_token = ${token}`)
    const address = await addressOf(told, 'confirmation')
    assert.ok(address.includes(token))
    assert.equal((await told.post(address, confirmation())).status, 200)
    assert.equal((await told.unmatched()).length, 1)
    const forged = address.replace(/^(\/v1\/in\/)./, '$11')
    await told.post(forged, confirmation({ TransID: 'UKK7X2M4QB' }))
    assert.equal((await told.unmatched()).length, 1, 'and no others are honoured')
  }))

test('registering again is a success, and the addresses stay the same', () =>
  scene(async (told) => {
    const first = (await told.call('POST', '/v1/mpesa/c2b/register')).body.data
    assert.equal(first.already_registered, false)
    assert.match(first.confirmation_url, /^https:\/\/lango\.test\/v1\/in\/[0-9a-f]{8}…\/confirmation$/)
    assert.match(first.notes[0], /again at any time/)
    told.simulator.settings.set({ c2b_registration: 'once' })
    const again = await told.call('POST', '/v1/mpesa/c2b/register', { default_action: 'reject' })
    assert.equal(again.status, 200)
    assert.equal(again.body.data.already_registered, true)
    assert.equal(again.body.data.confirmation_url, first.confirmation_url)
  }))

test('where callbacks take another way than payers, money from the menu is told of there', () =>
  scene(async ({ context, merchant }) => {
    const elsewhere = { ...context, config: { ...context.config, callbackBaseUrl: 'https://callbacks.test' } }
    const account = await defaultAccount(context, merchant.id, 'mpesa')
    const { confirmation_url, validation_url } = await registerC2b(elsewhere, account, 'accept')
    for (const url of [confirmation_url, validation_url]) assert.match(url, /^https:\/\/callbacks\.test\/v1\/in\//)
  }))

const table: [
  rule: { accepts: string; known_references?: string[] },
  paid: { amount: number; reference: string },
  outcome: string | undefined,
][] = [
  [{ accepts: 'all' }, { amount: 1, reference: 'ANY' }, undefined],
  [{ accepts: 'known_reference' }, { amount: 1, reference: 'INV-204' }, undefined],
  [{ accepts: 'known_reference', known_references: ['HOUSE 7'] }, { amount: 1, reference: 'HOUSE 7' }, undefined],
  [{ accepts: 'known_reference', known_references: ['House 7'] }, { amount: 1, reference: 'house-7.' }, undefined],
  [{ accepts: 'known_reference', known_references: ['HOUSE 7'] }, { amount: 1, reference: 'HOUSE 8' }, 'C2B00012'],
  [{ accepts: 'exact_amount' }, { amount: 500, reference: 'INV-204' }, undefined],
  [{ accepts: 'exact_amount' }, { amount: 499, reference: 'INV-204' }, 'C2B00013'],
  [{ accepts: 'exact_amount' }, { amount: 500, reference: 'INV-205' }, 'C2B00012'],
]

for (const [rule, paid, code] of table) {
  const words = `${rule.accepts}${rule.known_references ? ` (${rule.known_references.join()})` : ''}`
  test(`where a shop accepts ${words}, ${paid.amount} for ${paid.reference} is ${code ? `turned away with ${code}` : 'let in'}`, () =>
    scene(async (told) => {
      const set = await told.call('PUT', '/v1/mpesa/c2b/rule', rule)
      assert.equal(set.status, 200, JSON.stringify(set.body))
      await told.pay({ phone: '0799000120', amount: 500, account_reference: 'INV-204' })
      const outcome = await told.byHand(paid)
      assert.equal(outcome.code, code)
      assert.equal((await told.call('GET', '/v1/money-in')).body.data.length, code ? 0 : 1)
    }))
}

const answers: [what: string, answer: { status: number; body: string }, code: string | undefined][] = [
  ['says yes', { status: 200, body: '{"accept": true}' }, undefined],
  ['says no', { status: 200, body: '{"accept": false, "because": "unknown_reference"}' }, 'C2B00012'],
  ['fails, the default is taken', { status: 500, body: 'oops' }, 'C2B00016'],
  ['answers something else, the default is taken', { status: 200, body: 'yes' }, 'C2B00016'],
]

for (const [what, answer, code] of answers) {
  test(`where the merchant's own server ${what}`, () =>
    scene(async (told) => {
      let asked: any
      const server = createServer((request, response) => {
        let text = ''
        request.setEncoding('utf8').on('data', (chunk) => (text += chunk))
        request.on('end', () => {
          asked = JSON.parse(text)
          response.writeHead(answer.status).end(answer.body)
        })
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        await told.call('POST', '/v1/mpesa/c2b/register', { default_action: 'reject' })
        told.context.config.publicUrl = 'http://localhost:4000'
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/may-pay`
        assert.equal((await told.call('PUT', '/v1/mpesa/c2b/rule', { accepts: 'what_url_accepts', url })).status, 200)
        const outcome = await told.byHand({ amount: 70, reference: 'ANY' })
        assert.equal(outcome.code, code)
        assert.equal(asked.amount, '70.00')
        assert.equal(asked.account_reference, 'ANY')
      } finally {
        server.close()
        server.closeAllConnections()
      }
    }))
}

test('a rule that asks a server names it, and no other rule does', () =>
  scene(async ({ call }) => {
    for (const rule of [
      { accepts: 'what_url_accepts' },
      { accepts: 'all', url: 'https://shop.example/' },
      { accepts: 'some' },
    ]) {
      assert.equal((await call('PUT', '/v1/mpesa/c2b/rule', rule)).status, 400)
    }
    assert.deepEqual((await call('GET', '/v1/mpesa/c2b/rule')).body.data, {
      accepts: 'all',
      known_references: [],
      url: null,
      default_action: 'accept',
    })
  }))
