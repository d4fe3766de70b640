import { setTimeout as wait } from 'node:timers/promises'
import type { Lango, Payment } from '@lango/client'
import { clientOptions, withClient } from '../client.ts'
import { command } from '../command.ts'
import type { Answer } from '../command.ts'

const lookAgainMs = 500
const patienceMs = 180_000

export const pay = command({
  summary: 'asks a phone to pay, and watches it happen',
  about: 'Exit code 1 when it is not paid.',
  words: { phone: { what: 'a Kenyan number in any usual form' }, amount: { what: 'shillings' } },
  options: {
    reference: { takes: '<text>', what: 'what the payer sees beside the amount, up to 12 characters' },
    ...clientOptions,
  },
  json: 'the payment as it ends, as the API shows it',
  examples: ['pay 0712345678 100', 'pay 0712345678 100 --reference INV-204'],
  run({ words: { phone, amount }, options: { reference, key, url }, say }) {
    return withClient({ key, url }, async (lango) => {
      const asked = await lango.payments.create({ amount, phone, ...(reference && { account_reference: reference }) })
      say(`${asked.id}  KES ${asked.amount} from ${asked.phone}`)
      if (asked.status === 'pending') say('Asked. Waiting for the PIN …')
      return tell(await watch(lango, asked))
    })
  },
})

async function watch(lango: Lango, asked: Payment): Promise<Payment> {
  let payment = asked
  for (let waitedMs = 0; payment.status === 'pending' && waitedMs < patienceMs; waitedMs += lookAgainMs) {
    await wait(lookAgainMs)
    payment = await lango.payments.get(asked.id)
  }
  return payment
}

function tell(payment: Payment): Answer {
  const { status, provider_receipt, failure } = payment
  switch (status) {
    case 'completed':
      return { json: payment, text: `Paid. ${provider_receipt ?? 'The M-Pesa code follows.'}` }
    case 'pending':
      return { json: payment, text: 'Still waiting. Lango goes on asking M-Pesa; look again later.', isBad: true }
    default:
      return {
        json: payment,
        text: `Not paid: ${failure?.message ?? status} (${failure?.code ?? status})`,
        isBad: true,
      }
  }
}
