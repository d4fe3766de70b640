import type { Struck } from '../faults.ts'
import { findOrganisation } from '../organisation.ts'
import { findPhone } from '../phone.ts'
import { postCallback } from '../post-callback.ts'
import type { Answer, Outcome } from '../prompt.ts'
import { openPrompt, promptsOf } from '../prompts.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { coreText } from './core-results.ts'
import { families } from './family.ts'
import { address, alsoSpelt, shortcode, text, wholeShillings } from './fields.ts'
import { nominatedNumber } from './nominated-number.ts'
import { failed } from './operator.ts'
import type { Ended } from './operator.ts'
import { payBusiness } from './pay-business.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { ok } from './reply.ts'
import { double } from './result.ts'
import { codeAsSent } from './stk-results.ts'

type ExpressPayment = {
  sender: string
  receiver: string
  amount: number
  reference: string
  request_id: string
  conversation_id: string
  callback_url: string
}

const texts = new Map(
  Object.entries<string>({
    '4001': 'User cancelled transaction',
    '4102': 'Merchant KYC Fail',
    '4104': 'Missing Nominated Number',
    '4201': 'USSD Network Error',
    '4203': 'USSD Exception Error',
  }),
)

/** Asks a merchant, on the phone nominated for its till, to pay a vendor. The phone's PIN stands for the operator's. */
export const b2bExpress = api({
  name: 'ussdpush',
  path: '/v1/ussdpush/get-msisdn',
  family: families.core,
  fields: {
    primaryShortCode: shortcode,
    receiverShortCode: shortcode,
    amount: wholeShillings,
    paymentRef: text(100),
    callbackUrl: address,
    partnerName: text(100),
    RequestRefID: alsoSpelt('RequestRefId', 'requestRef', text(100)),
  },
  concerns: (world, { primaryShortCode }) => nominatedNumber(world, String(primaryShortCode)),
  answer(world, asked, { struck, warn }) {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    const payment = {
      sender: asked.primaryShortCode,
      receiver: asked.receiverShortCode,
      amount: asked.amount,
      reference: asked.paymentRef,
      request_id: asked.RequestRefID,
      conversation_id: world.ids.conversation(),
      callback_url: asked.callbackUrl,
    }
    return ok({ code: '0', status: 'USSD Initiated Successfully' }, ring(world, payment, struck))
  },
})

function ring(world: World, payment: ExpressPayment, struck: Struck): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const msisdn = nominatedNumber(world, payment.sender)
  const end = (ended: Ended): Outcome => {
    resolve(tell(world, payment, { ended, msisdn, struck }))
    return {
      result_code: codeAsSent(ended.code),
      result_desc: textOf(ended.code),
      receipt: ended.entry?.receipt ?? null,
    }
  }
  const code = codeWithoutAsking(world, msisdn)
  if (code !== undefined) {
    world.work.after(world.settings.answer_after_ms, () => end(failed(code)))
    return promise
  }
  const { amount, receiver, reference, request_id } = payment
  const about = { msisdn, amount, shortcode: receiver, account_reference: reference, checkout_request_id: request_id }
  openPrompt(world, about, (answer) => end(carryOut(world, payment, { answer, msisdn })))
  return promise
}

/** The magic number 25470000NNNN as nominated number gives NNNN. */
function codeWithoutAsking(world: World, msisdn: string): string | undefined {
  const [, magic = ''] = /^25470000(\d{4})$/.exec(msisdn) ?? []
  if (texts.has(magic)) return magic
  return findPhone(world, msisdn).offline || promptsOf(world, msisdn).length > 0 ? '4201' : undefined
}

function carryOut(world: World, payment: ExpressPayment, { answer, msisdn }: { answer: Answer; msisdn: string }) {
  if (answer.kind === 'cancelled') return failed('4001')
  if (answer.kind === 'expired') return failed('4203')
  if (answer.pin !== findPhone(world, msisdn).pin) return failed('2001')
  const { sender, receiver, amount, reference, request_id, conversation_id } = payment
  const isTill = findOrganisation(world, sender)?.type === 'till'
  const from = isTill ? 'Merchant Account' : 'Working Account'
  const route = { from, to: 'Utility Account', reason: 'Business Pay Bill via USSD' } as const
  const ids = { originator_conversation_id: request_id, conversation_id }
  return payBusiness(world, { route, sender, receiver, amount, reference, ...ids })
}

type Told = { ended: Ended; msisdn: string; struck: Struck }

/** The callback is flat and all text; failure and success have different keys, in different order. */
function tell(world: World, payment: ExpressPayment, { ended, msisdn, struck }: Told): Promise<void> {
  const { amount, request_id, reference, conversation_id, callback_url, receiver } = payment
  const { code, entry } = ended
  const outcome = { resultCode: code, resultDesc: textOf(code) }
  const said = { amount: JSON.stringify(double(amount)), requestId: request_id }
  const body =
    entry === null
      ? { ...outcome, requestId: request_id, amount: said.amount, paymentReference: reference }
      : {
          ...outcome,
          ...said,
          resultType: '0',
          conversationID: conversation_id,
          transactionId: entry.receipt,
          status: 'SUCCESS',
        }
  return postCallback(world, { api: 'ussdpush', url: callback_url, shortcode: receiver, msisdn, body, struck })
}

const textOf = (code: string): string => texts.get(code) ?? coreText(code)
