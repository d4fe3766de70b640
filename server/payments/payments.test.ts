import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'

test('a payer who enters the PIN has paid, and the payment has the receipt', () =>
  story({}, async ({ pay, payment, simulator }) => {
    const asked = await pay({ amount: 1500, account_reference: 'INV-204' })
    assert.equal(asked.status, 'pending')
    assert.equal(asked.provider_outcome, 'accepted')
    simulator.phones.get('0712345678').approve()
    const paid = await payment(asked.id)
    assert.equal(paid.status, 'completed')
    assert.equal(paid.provider_receipt, simulator.ledger.entries[0]!.receipt)
    assert.equal(paid.amount_received, '1500.00')
  }))
