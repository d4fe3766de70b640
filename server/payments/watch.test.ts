import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, payer } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { checkPayments } from './check.ts'

const order = { amount: 1500, account_reference: 'INV-204' }
const lost = { api: 'stkpush', fault: 'drop_callback', probability: 1 } as const

/** How often M-Pesa was asked what became of a payment. */
const questions = ({ simulator }: Story) =>
  simulator.log().filter(({ direction, api }) => direction === 'in' && api === 'stkpushquery').length

test('a callback that is lost is noticed after 20 seconds while the payer waits at the page', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [lost] })
    const path = pathOf(await told.pay(order))
    told.simulator.phones.get('0712345678').approve()
    const { open } = payer(told)
    await told.advance('19 seconds')
    await open(path)
    await checkPayments.run(told.context)
    assert.equal(questions(told), 0)
    await told.advance('1 second')
    assert.match((await open(path)).text, /Check your phone/)
    await checkPayments.run(told.context)
    assert.match((await open(path)).text, /Paid\. Asante!/)
  }))

test('a page that is followed live is watched as well', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [lost] })
    const path = pathOf(await told.pay(order))
    told.simulator.phones.get('0712345678').approve()
    await told.advance('25 seconds')
    const response = await payer(told).raw(`${path}/events`)
    const reader = response.body!.getReader()
    await reader.read()
    assert.equal(await checkPayments.run(told.context), 1)
    await reader.cancel()
  }))

test('nobody at the page: the first check is after 75 seconds', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [lost] })
    await told.pay(order)
    for (const [seconds, count] of [
      [74, 0],
      [1, 1],
    ] as const) {
      await told.advance(`${seconds} seconds`)
      await checkPayments.run(told.context)
      assert.equal(questions(told), count)
    }
  }))

test('however often somebody looks, M-Pesa is asked at most once in ten seconds, and then more seldom', () =>
  story({}, async (told) => {
    told.simulator.faults.set({ rules: [lost] })
    const path = pathOf(await told.pay(order))
    const { open } = payer(told)
    const askedAt: number[] = []
    for (let second = 1; second <= 58; second++) {
      await told.advance('1 second')
      await Promise.all([open(path), open(path)])
      await checkPayments.run(told.context)
      if (questions(told) > askedAt.length) askedAt.push(second)
    }
    assert.deepEqual(askedAt, [20, 30, 45])
  }))

test('where M-Pesa answers five questions a minute and no more, payments wait for their turn, and none fails', () =>
  story({}, async (told) => {
    told.simulator.settings.set({ query_limit: 'sandbox' })
    told.simulator.faults.set({ rules: [lost] })
    const ids: string[] = []
    for (let paid = 1; paid <= 7; paid++) ids.push((await told.pay({ amount: paid, phone: '254708374149' })).id)
    const statuses = async () =>
      (await Promise.all(ids.map((id) => told.payment(id)))).map(({ status }) => status).toSorted()
    await told.advance('76 seconds')
    await checkPayments.run(told.context)
    assert.equal(told.simulator.log().filter(({ status }) => status === 429).length, 2)
    assert.deepEqual(await statuses(), [...Array<string>(5).fill('completed'), 'pending', 'pending'])
    for (let minutes = 0; minutes < 5; minutes++) {
      await told.advance('1 minute')
      await checkPayments.run(told.context)
    }
    assert.deepEqual(await statuses(), Array<string>(7).fill('completed'))
  }))
