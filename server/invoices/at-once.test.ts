import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { invoiced, invoiceOf, newsOf } from '../../testing/invoices.ts'
import { story } from '../../testing/story.ts'
import { createContext } from '../create-context.ts'
import { newId, parseId } from '../id.ts'
import { settlePayments } from '../payments/settle.ts'
import { settleReversals } from '../refunds/reversals.ts'

const count = 16

test('many payments of one invoice, and refunds of them, at once leave it with what came and stayed', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { instalments: true, lines: [{ description: 'Shamba', unit_amount: 5000 }] })
    const payments = await Promise.all(
      Array.from({ length: count }, async () => {
        const made = await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { amount: 100 })
        return parseId('pay', made.body.data.id)!
      }),
    )
    // Two nodes, each with its own batches.
    const nodes = [told.context, createContext(told.context)]
    const at = told.clock.now()
    const receiptOf = (index: number) => `UKK${String(index).padStart(7, '0')}`
    const evidence = (index: number) => ({
      id: newId(at),
      merchant_id: told.merchant.id,
      payment_id: payments[index]!,
      source: 'callback' as const,
      at,
      verdict: 'success' as const,
      receipt: receiptOf(index),
      amount_cents: 100_00,
    })
    const effects = await Promise.all(
      payments.map((_, index) => settlePayments(nodes[index % 2]!, [evidence(index), evidence((index + 5) % count)])),
    )
    assert.ok(effects.flat().every((effect) => effect === 'completed' || effect === 'informed'))
    assert.equal((await invoiceOf(told, invoice)).amount_paid, '1600.00')

    const reversal = (index: number, cents: number, name: string) => ({
      merchant_id: told.merchant.id,
      provider: 'mpesa' as const,
      environment: 'simulator' as const,
      receipt: receiptOf(index),
      reversal_receipt: `UKR${name}${String(index).padStart(6, '0')}`,
      amount_cents: cents,
      at,
      source: 'statement' as const,
    })
    await Promise.all(
      payments
        .slice(0, 4)
        .flatMap((_, index) => [
          settleReversals(nodes[0]!, [reversal(index, 30_00, 'A')]),
          settleReversals(nodes[1]!, [reversal(index, 20_00, 'B')]),
          settleReversals(nodes[index % 2]!, [reversal(index, 30_00, 'A')]),
        ]),
    )
    const { amount_paid, version } = await invoiceOf(told, invoice)
    assert.equal(amount_paid, '1400.00')
    assert.equal((await newsOf(told, invoice)).length, version)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))
