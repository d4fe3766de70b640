import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay } from './testing/daraja.ts'
import { merchant } from './testing/merchant.ts'

test('a test can say what should have been asked and told, and learns what was', async () => {
  const { simulator } = merchant()
  await askToPay(simulator, { Amount: 100, AccountReference: 'INV-1' })
  await askToPay(simulator, { Amount: 200, AccountReference: 'INV-2' })
  await simulator.settled()

  simulator.expectAsked('stkpush', { AccountReference: 'INV-1', Amount: '100' })
  simulator.expectAsked('stkpush', {}, { times: 2 })
  simulator.expectAsked('b2c', {}, { times: 0 })
  simulator.expectTold('stkpush', { Body: { stkCallback: { ResultCode: 0 } } }, { times: 2 })
  assert.equal(simulator.asked().length, 4)
  assert.equal(simulator.toldOf('c2b').length, 0)
  assert.throws(
    () => simulator.expectAsked('stkpush', { Amount: 300 }),
    /1 times with \{"Amount":300\}, but it was 0[^]*INV-2/,
  )
  assert.throws(() => simulator.expectAsked('c2b'), /There was:\n {2}nothing/)
})
