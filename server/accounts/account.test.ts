import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkPayments } from '../payments/check.ts'
import { story, storyCredentials } from '../../testing/story.ts'
import { configureAccount } from './configure.ts'

test('a payment is asked about by the short code that it was made with, also when the shop has another since', () => {
  const asked: string[] = []
  const wrap = {
    fetch:
      (next: typeof fetch): typeof fetch =>
      async (input, init) => {
        if (String(input).includes('stkpushquery')) asked.push(JSON.parse(String(init?.body)).BusinessShortCode)
        return next(input, init)
      },
  }
  return story({ wrap }, async (told) => {
    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    const { id } = await told.pay({ phone: '0708374149' })
    await configureAccount(told.context, {
      merchant_id: told.merchant.id,
      provider: 'mpesa',
      environment: 'simulator',
      shortcode: '600000',
      till: null,
      type: 'paybill',
      credentials: storyCredentials,
    })
    await told.advance('76 s')
    await checkPayments.run(told.context)
    assert.deepEqual(asked, ['174379'])
    assert.equal((await told.payment(id)).status, 'completed')
  })
})
