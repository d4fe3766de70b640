import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { pathOf, payer, promptsSent, textOf } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { checkPayments } from '../payments/check.ts'

const order = { amount: 1500, account_reference: 'INV-204', description: 'Unga, sukari, chai' }

async function paymentsOf(told: Story): Promise<Record<string, unknown>[]> {
  return told.context.database.query(sql`select * from payments order by id`)
}

test('a payer types a phone number, approves on the phone, and gets the receipt', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const path = pathOf(await told.pay({ ...order, phone: undefined }))
    const asked = await open(path)
    assert.equal(asked.status, 200)
    for (const word of ['Duka la Mfano', 'INV-204 · Unga, sukari, chai', 'KSh 1,500', 'Pay KSh 1,500 with M-PESA']) {
      assert.ok(asked.text.includes(word), word)
    }
    assert.equal(promptsSent(told), 0)

    const sent = await send(path, { phone: '0712 345 678' })
    assert.deepEqual([sent.status, sent.to], [303, path])
    const waiting = await open(path)
    assert.match(waiting.text, /Check your phone.*A request is on 0712 ••• 678\. Enter your M-PESA PIN/)
    assert.match(waiting.text, /Or pay by hand.*Pay Bill ?174379.*Account ?INV-204.*Amount ?1,500/)

    const { receipt } = told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    const paid = await open(path)
    assert.match(paid.text, /Paid\. Asante!/)
    assert.ok(paid.text.includes(receipt!))
    assert.ok(paid.text.includes('20 Nov 2026, 14:30'))
  }))

for (const [typed, sentence] of [
  ['', 'Write the number of the phone that pays.'],
  ['12345', 'This is not a Kenyan mobile number. Write it like 0712 345 678.'],
  ['+44 20 7946 0000', 'This is not a Kenyan mobile number.'],
] as const) {
  test(`"${typed}" is no phone: the page says so at the field, keeps it, and asks nobody`, () =>
    story({}, async (told) => {
      const path = pathOf(await told.pay({ ...order, phone: undefined }))
      const app = createNode(told.context).app
      const answer = await app.request(path, { method: 'POST', body: new URLSearchParams({ phone: typed }) })
      const page = await answer.text()
      assert.equal(answer.status, 400)
      assert.ok(textOf(page).includes(sentence))
      assert.ok(page.includes(`value="${typed}"`))
      assert.equal(promptsSent(told), 0)
    }))
}

test('a form that is sent many times at once asks one phone, once', () =>
  story({}, async (told) => {
    const { send } = payer(told)
    const path = pathOf(await told.pay({ ...order, phone: undefined }))
    const phones = ['0712345678', '0712345678', '0722000001', '0722000002', '0722000003']
    const answers = await Promise.all(phones.map((phone) => send(path, { phone })))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303, 303, 303, 303],
    )
    assert.equal(promptsSent(told), 1)
    await send(path, { phone: '0722000004' })
    assert.equal(promptsSent(told), 1)
  }))

test('whoever opens the link does not learn the number of the payer', () =>
  story({}, async (told) => {
    const { raw } = payer(told)
    for (const deed of ['wait', 'cancel', 'approve'] as const) {
      const phone = { wait: '0712345601', cancel: '0712345602', approve: '0712345603' }[deed]
      const asked = await told.pay({ ...order, phone })
      if (deed !== 'wait') told.simulator.phones.get(phone)[deed]()
      await told.simulator.settled()
      const page = await (await raw(pathOf(asked))).text()
      assert.ok(page.includes('0712 ••• 60'))
      assert.doesNotMatch(page, /71234560\d|712 345 60\d/)
    }
  }))

test('after a cancelled attempt the same phone is asked again, by a new payment that names the first', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const first = await told.pay({ ...order, external_reference: 'order-204', metadata: { cart: '9914' } })
    told.simulator.phones.get('0712345678').cancel()
    await told.simulator.settled()
    const failed = await open(pathOf(first))
    assert.match(failed.text, /You cancelled.*No money was taken\..*Try again on 0712 ••• 678/)

    const again = await send(`${pathOf(first)}/again`, { phone: 'same' })
    assert.equal(again.status, 303)
    assert.notEqual(again.to, pathOf(first))
    const [old, retry] = await paymentsOf(told)
    assert.equal(retry!.retry_of, old!.id)
    assert.deepEqual(
      [retry!.amount_cents, retry!.account_reference, retry!.external_reference, retry!.metadata, retry!.origin],
      [150_000, 'INV-204', 'order-204', { cart: '9914' }, 'checkout'],
    )
    told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    assert.match((await open(again.to!)).text, /Paid\. Asante!/)
    const { body } = await told.call('GET', '/v1/events?type=payment.completed')
    const { external_reference, retry_of } = body.data[0].data
    assert.deepEqual(
      [external_reference, retry_of],
      ['order-204', first.id],
      'The merchant knows which order was paid.',
    )
    assert.equal((await open(pathOf(first))).to, again.to, 'The first link leads to the attempt that was paid.')
  }))

for (const comesFirst of ['the late success', 'the new attempt']) {
  test(`an order that is paid twice is shown to a person, where ${comesFirst} comes first`, () =>
    story({}, async (told) => {
      const { send } = payer(told)
      const first = await told.pay(order)
      told.simulator.phones.get('0712345678').cancel()
      await told.simulator.settled()
      const { path, body } = told.lastCallback()
      await send(`${pathOf(first)}/again`, { phone: 'same' })
      const succeedLate = async () => {
        const Item = [
          { Name: 'Amount', Value: 1500 },
          { Name: 'MpesaReceiptNumber', Value: 'UKK7X2M4QA' },
        ]
        const { stkCallback } = body.Body
        await told.post(path, { Body: { stkCallback: { ...stkCallback, ResultCode: 0, CallbackMetadata: { Item } } } })
      }
      if (comesFirst === 'the late success') await succeedLate()
      told.simulator.phones.get('0712345678').approve()
      await told.simulator.settled()
      if (comesFirst === 'the new attempt') await succeedLate()

      const [old, retry] = await paymentsOf(told)
      assert.deepEqual([old!.status, retry!.status], ['completed', 'completed'])
      const flags = [old!.needs_attention, retry!.needs_attention]
      assert.deepEqual(flags, comesFirst === 'the late success' ? [null, ['paid_twice']] : [['paid_twice'], null])
    }))
}

test('try again, pressed twice, makes one payment and one prompt', () =>
  story({}, async (told) => {
    const { send } = payer(told)
    const first = await told.pay(order)
    told.simulator.phones.get('0712345678').cancel()
    await told.simulator.settled()
    const presses = [1, 2, 3].map(() => send(`${pathOf(first)}/again`, { phone: 'same' }))
    const places = (await Promise.all(presses)).map(({ to }) => to)
    assert.equal(new Set(places).size, 1)
    assert.equal((await paymentsOf(told)).length, 2)
    assert.equal(promptsSent(told), 2)
    await send(`${pathOf(first)}/again`, { phone: 'other' })
    assert.equal((await paymentsOf(told)).length, 2)
  }))

test('another number is typed on the page of a new attempt', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const first = await told.pay(order)
    told.simulator.phones.get('0712345678').wrongPin()
    await told.simulator.settled()
    const again = await send(`${pathOf(first)}/again`, { phone: 'other' })
    assert.match((await open(again.to!)).text, /M-PESA phone number/)
    assert.equal(promptsSent(told), 1)
    await send(again.to!, { phone: '0722000001' })
    assert.equal(told.simulator.phones.get('0722000001').prompts.length, 1)
  }))

test('what has not failed cannot be tried again', () =>
  story({}, async (told) => {
    const { send } = payer(told)
    const waiting = await told.pay(order)
    assert.equal((await send(`${pathOf(waiting)}/again`, { phone: 'same' })).to, pathOf(waiting))
    told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    assert.equal((await send(`${pathOf(waiting)}/again`, { phone: 'same' })).to, pathOf(waiting))
    assert.equal((await paymentsOf(told)).length, 1)
  }))

test('a failed payment can be tried again for a day', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const first = await told.pay(order)
    told.simulator.phones.get('0712345678').cancel()
    await told.simulator.settled()
    await told.advance('24 hours')
    assert.match((await open(pathOf(first))).text, /ask Duka la Mfano for a new link/)
    assert.equal((await send(`${pathOf(first)}/again`, { phone: 'same' })).to, pathOf(first))
    assert.equal((await paymentsOf(told)).length, 1)
  }))

test('money that arrives late turns the failed page to paid, and the link of the second attempt leads there', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const first = await told.pay(order)
    told.simulator.phones.get('0712345678').cancel()
    await told.simulator.settled()
    const again = await send(`${pathOf(first)}/again`, { phone: 'other' })

    const { path, body } = told.lastCallback()
    body.Body.stkCallback.ResultCode = 0
    body.Body.stkCallback.CallbackMetadata = {
      Item: [
        { Name: 'Amount', Value: 1500 },
        { Name: 'MpesaReceiptNumber', Value: 'UKK7X2M4QA' },
        { Name: 'TransactionDate', Value: 20261120143208 },
        { Name: 'PhoneNumber', Value: 254712345678 },
      ],
    }
    await told.post(path, body)
    assert.match((await open(pathOf(first))).text, /Paid\. Asante!.*UKK7X2M4QA/)
    assert.equal((await open(again.to!)).to, pathOf(first))
    assert.equal((await send(again.to!, { phone: '0722000001' })).to, pathOf(first))
    assert.equal(promptsSent(told), 1, 'Nobody is asked to pay a second time.')
  }))

for (const [phone, title] of [
  ['254700000001', 'Not enough in your M-PESA'],
  ['254700000017', 'The same amount, a moment ago'],
  ['254700001001', 'Another M-PESA request is open'],
  ['254700001019', 'The request ran out of time'],
  ['254700001032', 'You cancelled'],
  ['254700001037', 'The phone did not answer'],
  ['254700002001', 'The PIN was not right'],
  ['254700008006', 'Your M-PESA PIN is locked'],
  ['254700009999', 'M-PESA could not take it'],
] as const) {
  test(`a payer whose payment fails is told why: ${title}`, () =>
    story({}, async (told) => {
      const asked = await told.pay({ ...order, phone })
      await told.advance('2 minutes')
      const { text } = await payer(told).open(pathOf(asked))
      assert.ok(text.includes(title), text)
      assert.match(text, /Try again on 0700/)
    }))
}

test('a push that M-PESA refuses says that nothing was sent', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'spike_arrest', probability: 1 }] })
    const { text } = await payer(told).open(pathOf(await told.pay(order)))
    assert.match(text, /M-PESA did not take the request.*No money was taken/)
  }))

test('a push of which nobody knows whether it arrived says just that', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_response', probability: 1 }] })
    const { text } = await payer(told).open(pathOf(await told.pay(order)))
    assert.match(text, /We could not reach M-PESA for sure\. If a request appears on 0712 ••• 678, it is ours/)
    assert.doesNotMatch(text, /No money was taken/)
  }))

test('a payment without its M-Pesa code is paid, and the code follows', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const asked = await told.pay(order)
    told.simulator.phones.get('0712345678').approve()
    await told.advance('2 minutes')
    await checkPayments.run(told.context)
    const { text } = await payer(told).open(pathOf(asked))
    assert.match(text, /Paid\. Asante!.*M-Pesa code ?follows shortly/)
  }))

test('a checkout that nobody used for a day has expired', () =>
  story({}, async (told) => {
    const { open, send } = payer(told)
    const path = pathOf(await told.pay({ ...order, phone: undefined }))
    await told.advance('25 hours')
    await checkPayments.run(told.context)
    assert.match((await open(path)).text, /This link has expired/)
    await send(path, { phone: '0712345678' })
    await send(`${path}/again`, { phone: 'same' })
    assert.equal(promptsSent(told), 0)
    assert.equal((await paymentsOf(told)).length, 1)
  }))

test('after two days without a verdict the page claims nothing that it does not know', () =>
  story({}, async (told) => {
    const asked = await told.pay({ ...order, phone: '254700004999' })
    await told.advance('2 minutes')
    assert.match((await payer(told).open(pathOf(asked))).text, /M-PESA has not told us the outcome yet/)
    await told.advance('49 hours')
    await checkPayments.run(told.context)
    const { text } = await payer(told).open(pathOf(asked))
    assert.match(text, /M-PESA never told us.*If you have an SMS from M-PESA for it, you have paid/)
    assert.doesNotMatch(text, /Try again/)
  }))

test('money that was given back is shown as given back', () =>
  story({}, async (told) => {
    const asked = await told.pay(order)
    told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    await told.context.database.query(
      sql`update payments set status = 'reversed', reversed_at = completed_at where id = ${parseId('pay', asked.id)}`,
    )
    assert.match((await payer(told).open(pathOf(asked))).text, /Your money was returned/)
  }))

test('the way back tells the shop what became of the payment', () =>
  story({}, async (told) => {
    const asked = await told.pay({ ...order, return_url: 'https://duka.example/thanks?order=204' })
    told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    const page = await (await payer(told).raw(pathOf(asked))).text()
    const url = `https://duka.example/thanks?order=204&amp;payment_id=${asked.id}&amp;status=completed`
    assert.ok(page.includes(`href="${url}"`))
  }))

for (const link of [
  'pay_00000000000070008000000000000000',
  'pay_x',
  'inv_00000000000070008000000000000000',
  'lnk_1',
  '',
]) {
  test(`a link to "${link}" leads to a page that says what to do`, () =>
    story({}, async (told) => {
      const { status, text } = await payer(told).open(`/pay/${link}`)
      assert.equal(status, 404)
      assert.match(text, /There is nothing to pay here/)
    }))
}

test('real money is not marked as a game, and a till is paid by its number', () =>
  story({ environment: 'live' }, async (told) => {
    const asked = await told.pay(order)
    await told.context.database.query(sql`update provider_accounts set type = 'till', till = '5678901'`)
    const { text } = await payer(told).open(pathOf(asked))
    assert.doesNotMatch(text, /Simulator|Sandbox/)
    assert.match(text, /Till ?5678901.*Lipa na M-PESA, then Buy Goods/)
  }))

test('a trouble of ours is a page too, and names the request', () =>
  story({}, async (told) => {
    const path = pathOf(await told.pay(order))
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    for (const [error, status] of [
      [new Error('A bug of ours.'), 500],
      [away, 503],
    ] as const) {
      const app = createNode({ ...told.context, gather: () => Promise.reject(error) }).app
      const answer = await app.request(path, { headers: { 'Accept-Language': 'sw' } })
      assert.equal(answer.status, status)
      assert.match(textOf(await answer.text()), /Ukurasa huu umekwama kidogo.*req_[0-9a-f]{32}/)
    }
  }))

test('while the database has too much to do, the pages of a payer say so and look again by themselves', () =>
  story({}, async (told) => {
    const path = pathOf(await told.pay({ ...order, phone: undefined }))
    const full = () => Promise.reject(new Error('timeout exceeded when trying to connect'))
    const database = { ...told.context.database, query: full, one: full, maybe: full }
    const { app } = createNode({ ...told.context, gather: full, database })
    const receipt = `/receipts/rct_${'0'.repeat(32)}?k=secret&lang=en`
    const back = '/api/v1/payments/callback/success'
    const form = { method: 'POST', body: new URLSearchParams({ invoiceNumber: 'ABCDEF', phone: '0722000001' }) }
    for (const [asked, init, again] of [
      [`${path}?lang=en`, {}, `${path}?lang=en`],
      [`${path}/code?code=UKK7X2M4QA`, {}, `${path}/code?code=UKK7X2M4QA`],
      [`${path}/again?lang=en`, form, `${path}?lang=en`],
      [receipt, {}, receipt],
      [`${path}/receipt`, {}, `${path}/receipt`],
      [back, form, `${back}?invoiceNumber=ABCDEF`],
    ] as const) {
      const answer = await app.request(asked, init)
      assert.equal(answer.status, 503, asked)
      const seconds = Number(answer.headers.get('Retry-After'))
      assert.ok(seconds >= 5 && seconds <= 10)
      const text = await answer.text()
      assert.ok(text.includes(`http-equiv="refresh" content="${seconds};url=${again.replaceAll('&', '&amp;')}"`), text)
      assert.match(textOf(text), /This page is stuck for a moment.*looks again by itself/)
      // The browser lets it have its style.
      const [, style] = /<style>([^]*?)<\/style>/.exec(text)!
      const hash = createHash('sha256').update(style!).digest('base64')
      assert.ok(answer.headers.get('Content-Security-Policy')!.includes(hash), asked)
    }
  }))

test('a form that is too large or broken is answered by a page', () =>
  story({}, async (told) => {
    const path = pathOf(await told.pay({ ...order, phone: undefined }))
    const app = createNode(told.context).app
    const large = 'phone='.padEnd(2 * 1024 * 1024, '7')
    const stream = new Blob([large]).stream()
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    for (const [body, init, status, sentence] of [
      [large, { headers: { ...type, 'Content-Length': String(large.length) } }, 413, /We could not read that/],
      [stream, { headers: type, duplex: 'half' }, 413, /We could not read that/],
      ['--x\r\nbroken', { headers: { 'Content-Type': 'multipart/form-data; boundary=y' } }, 400, /Write the number/],
      ['{"phone"', { headers: { 'Content-Type': 'application/json' } }, 400, /Write the number/],
    ] as const) {
      const answer = await app.request(path, { method: 'POST', body, ...init } as RequestInit)
      assert.equal(answer.status, status)
      assert.match(answer.headers.get('Content-Type')!, /^text\/html/)
      assert.match(textOf(await answer.text()), sentence)
    }
    assert.equal(promptsSent(told), 0)
  }))

test('whoever was not reached by a prompt may pay by hand, on the page of a new attempt where that way is open', () =>
  story({}, async (told) => {
    await told.call('POST', '/v1/mpesa/c2b/register', {})
    const { send, raw, open } = payer(told)
    const first = await told.pay({ ...order, phone: '254700001037' })
    await told.advance('2 minutes')
    const { to } = await send(`${pathOf(first)}/again`, { phone: 'none' })
    const page = await (await raw(to!)).text()
    assert.match(page, /<details class="fold" id="by-hand" open>/)
    assert.match(textOf(page), /This page notices by itself/)
    await told.simulator.phones.get('0712345678').pay({ shortcode: '174379', amount: 1500, reference: 'INV-204' })
    await told.simulator.settled()
    assert.match((await open(to!)).text, /Paid\. Asante!/)
    assert.equal((await open(pathOf(first))).to, to)
  }))

test('the way by hand is folded away while a prompt rings, and opens when it has not been answered for a while', () =>
  story({}, async (told) => {
    const path = pathOf(await told.pay(order))
    const isOpen = async () => /id="by-hand" open>/.test(await (await payer(told).raw(path)).text())
    assert.equal(await isOpen(), false)
    await told.advance('46 seconds')
    assert.equal(await isOpen(), true)
  }))
