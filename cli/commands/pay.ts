import { setTimeout as wait } from 'node:timers/promises'
import type { Lango, Payment } from '@lango/client'
import { RESULT_CODES } from '@lango/daraja'
import { clientOptions, withClient } from '../client.ts'
import { command } from '../command.ts'
import type { Answer } from '../command.ts'
import { bad, good, pending } from '../paint.ts'
import { simulatorUrl } from '../trigger/simulator.ts'

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
      if (asked.status === 'pending') say(whatHappens(asked))
      return tell(await watch(lango, asked))
    })
  },
})

function whatHappens({ provider_outcome, environment }: Payment): string {
  if (provider_outcome === 'unknown')
    return 'M-Pesa did not say whether it took the request, so that the phone may ring or not. Lango finds out …'
  const phones = environment === 'simulator' ? ` at ${simulatorUrl(undefined)}/phone` : ''
  return `Asked. Waiting for the PIN${phones} …`
}

async function watch(lango: Lango, asked: Payment): Promise<Payment> {
  let payment = asked
  for (let waitedMs = 0; payment.status === 'pending' && waitedMs < patienceMs; waitedMs += lookAgainMs) {
    await wait(lookAgainMs)
    payment = await lango.payments.get(asked.id)
  }
  return payment
}

function tell(payment: Payment): Answer {
  const { status, provider_receipt } = payment
  switch (status) {
    case 'completed':
      return { json: payment, text: good(`Paid. ${provider_receipt ?? 'The M-Pesa code follows.'}`) }
    case 'pending':
      return {
        json: payment,
        text: pending('Still waiting. Lango goes on asking M-Pesa; look again later.'),
        isBad: true,
      }
    default:
      return { json: payment, text: bad(`Not paid. ${whyNot(payment)}`), isBad: true }
  }
}

/** Why the phone did not ring, or why its owner did not pay, in words for who asked and not for who was to pay. */
function whyNot({ status, failure, phone }: Payment): string {
  if (!failure) return `It is ${status}.`
  const { code, provider_code, message } = failure
  const known = RESULT_CODES.find((result) => result.code === provider_code)
  const said = [code, ...(provider_code ? [`M-Pesa's code ${provider_code}`] : [])].join(', ')
  return `${known?.meaning ?? message ?? 'M-Pesa gave no reason.'} (${said}, ${phone})`
}
