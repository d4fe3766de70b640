import { drawFaults } from '../draw-faults.ts'
import type { Struck } from '../faults.ts'
import type { LedgerEntry } from '../ledger.ts'
import { timestamp } from '../nairobi.ts'
import { findOrganisation } from '../organisation.ts'
import { hindrance, payOrganisation, tellHindrance } from '../pay-organisation.ts'
import { findPhone, isExempt, sendMessage, transactionMax } from '../phone.ts'
import { postCallback } from '../post-callback.ts'
import type { Answer, Outcome } from '../prompt.ts'
import { openPrompt } from '../prompts.ts'
import { wrongPin } from '../sms.ts'
import type { World } from '../world.ts'
import { confirm } from './c2b-payment.ts'
import { decimal } from './decimal.ts'
import { callbackText, codeAsSent, magicResult, stillProcessing } from './stk-results.ts'

/** A payment asked for by STK push, from the prompt to its result. */
export type StkPayment = {
  merchant_request_id: string
  checkout_request_id: string
  shortcode: string
  transaction_type: 'CustomerPayBillOnline' | 'CustomerBuyGoodsOnline'
  party_b: string
  msisdn: string
  amount: number
  account_reference: string
  callback_url: string
  asked_at: string
  /** Null while the payer has not answered. */
  result_code: string | null
  receipt: string | null
}

type Asked = Omit<StkPayment, 'merchant_request_id' | 'checkout_request_id' | 'asked_at' | 'result_code' | 'receipt'>

const repeatMs = 2 * 60_000
const promptLengthMax = 182

const payments = (world: World) => world.memory.recent<StkPayment>('stk-payments')

export const findStkPayment = (world: World, checkoutRequestId: string): StkPayment | undefined =>
  payments(world).get(checkoutRequestId)

export const findStkPaymentAsked = (world: World, merchantRequestId: string): StkPayment | undefined =>
  [...payments(world).values()].find(({ merchant_request_id }) => merchant_request_id === merchantRequestId)

/** Asks the payer. `delivered` settles when the callback with the result has been answered. */
export function collect(world: World, { struck, ...asked }: Asked & { struck: Struck }) {
  const payment: StkPayment = {
    ...asked,
    merchant_request_id: world.ids.request(),
    checkout_request_id: world.ids.checkout(asked.msisdn),
    asked_at: world.clock.now().toISOString(),
    result_code: null,
    receipt: null,
  }
  payments(world).set(payment.checkout_request_id, payment)
  return { payment, delivered: ring(world, payment, struck) }
}

/** Puts the payments that nobody had answered back on their phones, after a restart. */
export function resumeStkPayments(world: World): void {
  for (const payment of payments(world).values()) if (payment.result_code === null) void ring(world, payment, new Map())
}

function ring(world: World, payment: StkPayment, struck: Struck): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const end = (code: string): Outcome => {
    payment.result_code = code
    resolve(postResult(world, payment, struck))
    return { result_code: codeAsSent(code), result_desc: callbackText(code), receipt: payment.receipt }
  }
  const code = resultWithoutAsking(world, payment)
  if (code === stillProcessing) return promise
  if (code !== undefined) {
    world.work.after(world.settings.answer_after_ms, () => end(code))
    return promise
  }
  const { msisdn, amount, party_b, account_reference, checkout_request_id } = payment
  openPrompt(world, { msisdn, amount, shortcode: party_b, account_reference, checkout_request_id }, (answer) =>
    end(resultOf(world, payment, answer)),
  )
  return promise
}

/** What is decided before any prompt: by a magic number, the organisation's products, the limits, or the phone's absence. */
function resultWithoutAsking(world: World, payment: StkPayment): string | undefined {
  const magic = magicResult(payment.msisdn)
  if (magic !== undefined) return magic
  const { transaction_type, shortcode, party_b, amount, msisdn, account_reference } = payment
  const receiver = findOrganisation(world, party_b)
  if (receiver === undefined) return 'SFC_IC0003'
  if (transaction_type === 'CustomerPayBillOnline' && (party_b !== shortcode || receiver.type === 'till')) return '2028'
  if (receiver.store !== null && receiver.store !== shortcode) return 'SFC_IC0003'
  if (amount > transactionMax) return '3'
  if (isRepeated(world, payment)) return '17'
  const words = `Do you want to pay KES ${amount} to ${receiver.name} Account no. ${account_reference}? Enter M-PESA PIN:`
  if (words.length > promptLengthMax) return '1025'
  return findPhone(world, msisdn).offline ? '1037' : undefined
}

/** Whether the payer paid this amount to this organisation in the two minutes before. */
function isRepeated(world: World, { msisdn, amount, party_b, asked_at }: StkPayment): boolean {
  if (isExempt(world, msisdn)) return false
  const last = lastPaid(world).get(`${msisdn} ${party_b} ${amount}`)
  return last !== undefined && Date.parse(asked_at) - Date.parse(last.at) < repeatMs
}

const lastPaid = (world: World) => world.memory.recent<{ at: string }>('stk-last-paid')

function resultOf(world: World, payment: StkPayment, answer: Answer): string {
  if (answer.kind === 'cancelled') return '1032'
  if (answer.kind === 'expired') return '1037'
  const { msisdn, party_b, amount, account_reference, merchant_request_id, transaction_type } = payment
  const phone = findPhone(world, msisdn)
  const organisation = findOrganisation(world, party_b)
  if (organisation === undefined) return 'SFC_IC0003'
  if (answer.pin !== phone.pin) {
    sendMessage(world, phone, wrongPin())
    return '2001'
  }
  const code = hindrance(world, phone, amount)
  if (code !== undefined) {
    tellHindrance(world, phone, code, { amount, organisation: organisation.name })
    return code
  }
  const entry = payOrganisation(world, {
    kind: 'stk',
    phone,
    organisation,
    amount,
    reference: account_reference,
    isTill: transaction_type === 'CustomerBuyGoodsOnline',
    receipt: world.ids.receipt(),
    originator_conversation_id: merchant_request_id,
  })
  payment.receipt = entry.receipt
  lastPaid(world).set(`${msisdn} ${party_b} ${amount}`, { at: entry.at })
  if (world.settings.c2b_confirmation_on_stk) tellC2b(world, entry)
  return '0'
}

/** Some paybills are sent a C2B confirmation of STK payments too. */
function tellC2b(world: World, entry: LedgerEntry): void {
  const struck = drawFaults(world, 'c2b', entry.msisdn)
  void world.work.soon(() => confirm(world, entry, { thirdPartyTransId: '', struck }))
}

function postResult(world: World, payment: StkPayment, struck: Struck): Promise<void> {
  const { merchant_request_id, checkout_request_id, result_code, receipt, amount, msisdn, shortcode, callback_url } =
    payment
  const code = result_code ?? stillProcessing
  const paid = [
    { Name: 'Amount', Value: decimal(amount) },
    { Name: 'MpesaReceiptNumber', Value: receipt },
    { Name: 'TransactionDate', Value: Number(timestamp(world.clock.now())) },
    { Name: 'PhoneNumber', Value: Number(msisdn) },
  ]
  const stkCallback = {
    MerchantRequestID: merchant_request_id,
    CheckoutRequestID: checkout_request_id,
    ResultCode: codeAsSent(code),
    ResultDesc: callbackText(code),
    // A failure carries nothing else, not even an empty list.
    ...(receipt !== null && { CallbackMetadata: { Item: paid } }),
  }
  return postCallback(world, {
    api: 'stkpush',
    url: callback_url,
    shortcode,
    msisdn,
    body: { Body: { stkCallback } },
    struck,
  })
}
