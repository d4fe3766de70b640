import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { addressOf } from '../../testing/address-of.ts'
import { inAgreement, moneyOf, paid, refund, refundOf, resultOf, shownBy } from '../../testing/refunds.ts'
import { story } from '../../testing/story.ts'
import { toldOf } from '../../testing/told-of.ts'
import { settleReversals } from './reversals.ts'

test('"already reversed" completes a refund of which nobody knew whether it arrived', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'drop_callback', probability: 1 },
      ],
    } as any)
    const { id } = await refund(told, { payment_id: payment.id })
    await told.simulator.settled()
    await told.post(addressOf(told, 'refund', id), resultOf({ code: 'R000001' }))
    const done = await refundOf(told, id)
    assert.equal(done.status, 'completed')
    assert.equal(done.provider_receipt, null)
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    // The statement names the receipt later, and nothing is counted twice.
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown, shown]), ['refund', 'known'])
    assert.equal((await refundOf(told, id)).provider_receipt, receipt)
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" does not complete the refund of a part: somebody gave back the whole', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.reverse(payment.provider_receipt)
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'late_callback', probability: 1 },
      ],
    })
    const { id, provider_outcome } = await refund(told, { payment_id: payment.id, amount: 19 })
    assert.equal(provider_outcome, 'unknown')
    await told.advance('3 minutes')
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.deepEqual(failed.needs_attention, ['already_reversed'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 0])
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['recorded'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" does not complete a refund when the reversal is known to be another', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    // The node that reads the statement dies when it has recorded the reversal, and before it is settled.
    const dying = { ...told.context, gather: () => Promise.reject(new Error('The node is dead.')) }
    await assert.rejects(settleReversals(dying, [shown]))
    told.simulator.faults.set({
      rules: [
        { api: 'reversal', fault: 'drop_response', probability: 1 },
        { api: 'reversal', fault: 'late_callback', probability: 1 },
      ],
    })
    const { id } = await refund(told, { payment_id: payment.id })
    await told.advance('3 minutes')
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.equal(failed.failure.code, 'already_reversed')
    assert.deepEqual(await settleReversals(told.context, [shown]), ['known'])
    assert.deepEqual(await moneyOf(told, payment.id), [10_000, 0, 10_000])
    await inAgreement(told)
  }))

test('"already reversed" fails a refund whose request is known to be the first, and shows it to a person', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    told.simulator.reverse(payment.provider_receipt)
    const { id } = await refund(told, { payment_id: payment.id })
    const failed = await refundOf(told, id)
    assert.equal(failed.status, 'failed')
    assert.equal(failed.failure.code, 'already_reversed')
    assert.deepEqual(failed.needs_attention, ['already_reversed'])
    assert.deepEqual((await told.payment(payment.id)).needs_attention, ['already_reversed'])
    // Which a statement explains.
    const { receipt, at } = told.simulator.ledger.entries.at(-1)!
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['recorded'])
    const reversed = await told.payment(payment.id)
    assert.equal(reversed.status, 'reversed')
    assert.equal(reversed.needs_attention, null)
    await inAgreement(told)
  }))

test('a reversal made at the portal is noticed once, however often it is shown', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    const effects = (await Promise.all(Array.from({ length: 5 }, () => settleReversals(told.context, [shown])))).flat()
    assert.ok(effects.every((effect) => effect === 'recorded' || effect === 'known'))
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    const { body } = await told.call('GET', `/v1/refunds?payment_id=${payment.id}`)
    assert.deepEqual(
      body.data.map(({ origin, provider_receipt, status }: any) => [origin, provider_receipt, status]),
      [['portal', receipt, 'completed']],
    )
    await inAgreement(told)
  }))

test('a part reversed at the portal leaves less to refund', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt, 70)
    const shown = { ...shownBy(told, payment), amount_cents: 7_000, reversal_receipt: receipt, at: new Date(at) }
    await settleReversals(told.context, [shown])
    assert.equal((await told.payment(payment.id)).status, 'completed')
    assert.equal((await told.call('POST', '/v1/refunds', { payment_id: payment.id, amount: 31 })).status, 409)
    const { id } = await refund(told, { payment_id: payment.id })
    assert.equal((await refundOf(told, id)).amount, '30.00')
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    await inAgreement(told)
  }))

test('money that went back before anybody knew whose it was is linked to its payment later, once', () =>
  story({}, async (told) => {
    const payment = await paid(told)
    await told.context.database.query(sql`update money_in set payment_id = null`)
    const { receipt, at } = told.simulator.reverse(payment.provider_receipt)
    const shown = { ...shownBy(told, payment), reversal_receipt: receipt, at: new Date(at) }
    assert.deepEqual(await settleReversals(told.context, [shown, shown]), ['recorded', 'known'])
    assert.equal((await told.payment(payment.id)).status, 'completed')
    await told.context.database.query(sql`update money_in set payment_id = ${parseId('pay', payment.id)}`)
    await settleReversals(told.context, [shown, shown])
    assert.equal((await told.payment(payment.id)).status, 'reversed')
    assert.deepEqual(await toldOf(told), ['payment.completed', 'refund.completed', 'payment.reversed'])
    await inAgreement(told)
  }))

test('a reversal of money that nobody knows is told apart', () =>
  story({}, async (told) => {
    const shown = {
      ...shownBy(told, { provider_receipt: 'UKK0000000' }),
      reversal_receipt: 'UKK0000001',
      at: told.clock.now(),
    }
    assert.deepEqual(await settleReversals(told.context, [shown]), ['unknown_receipt'])
  }))
