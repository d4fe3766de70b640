import { tellBiller } from './daraja/biller.ts'
import { record } from './ledger.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Organisation } from './organisation.ts'
import { isExempt, leftToday, moveBalance, sendMessage, transactionMax } from './phone.ts'
import type { Phone } from './phone.ts'
import { notEnough, overLimit, paidPaybill, paidTill } from './sms.ts'
import type { World } from './world.ts'

export type CustomerPayment = {
  kind: 'stk' | 'c2b' | 'pesaflow'
  phone: Phone
  organisation: Organisation
  amount: number
  /** What of it is Pesaflow's. */
  commission?: number
  /** The account number given at a paybill; null at a till, which asks for none. */
  reference: string | null
  isTill: boolean
  receipt: string
  originator_conversation_id: string | null
}

/** Why a phone cannot pay an amount, as a result code of M-PESA; undefined if nothing hinders it. */
export function hindrance(world: World, phone: Phone, amount: number): '3' | '4' | '1' | undefined {
  if (amount > transactionMax) return '3'
  if (!isExempt(world, phone.msisdn) && amount > leftToday(world, phone)) return '4'
  return amount > phone.balance ? '1' : undefined
}

/** Tells the payer by SMS what hindered the payment. */
export function tellHindrance(
  world: World,
  phone: Phone,
  code: string,
  to: { amount: number; organisation: string },
): void {
  sendMessage(world, phone, code === '1' ? notEnough(phone, to) : overLimit())
}

/** Moves the money from the phone to the organisation, writes it down and tells the payer. */
export function payOrganisation(world: World, payment: CustomerPayment): LedgerEntry {
  const {
    kind,
    phone,
    organisation,
    amount,
    commission = 0,
    reference,
    isTill,
    receipt,
    originator_conversation_id,
  } = payment
  moveBalance(world, phone, -amount)
  const entry = record(world, {
    receipt,
    kind,
    amount,
    commission,
    msisdn: phone.msisdn,
    shortcode: organisation.shortcode,
    reference,
    reverses: null,
    reason: isTill ? 'Customer Merchant Payment' : kind === 'c2b' ? 'Pay Bill' : 'Pay Bill Online',
    moves: [
      { shortcode: organisation.shortcode, account: isTill ? 'Merchant Account' : 'Utility Account', change: amount },
    ],
    // A payment from the SIM menu has ids too, which its receiver learns from a status query.
    originator_conversation_id: originator_conversation_id ?? world.ids.request(),
    conversation_id: world.ids.conversation(),
  })
  const paid = { receipt, amount, organisation: organisation.name, leftToday: leftToday(world, phone) }
  sendMessage(
    world,
    phone,
    isTill ? paidTill(world, phone, paid) : paidPaybill(world, phone, { ...paid, account: reference ?? '' }),
  )
  tellBiller(world, entry)
  return entry
}
