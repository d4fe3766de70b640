import { findEntry, ledgerEntries, record } from '../ledger.ts'
import type { LedgerEntry } from '../ledger.ts'
import { findOrganisation, speaksFor } from '../organisation.ts'
import { findPhone, moveBalance, sendMessage } from '../phone.ts'
import { shillings } from '../shillings.ts'
import { reversed } from '../sms.ts'
import type { World } from '../world.ts'
import { failed } from './operator.ts'
import type { Ended } from './operator.ts'
import { findStkPaymentAsked } from './stk-payment.ts'

type Reversal = {
  receipt: string
  /** Null for all that is left of the payment. */
  amount: number | null
  /** Who says that the money is theirs; null at the portal, where everything is. */
  shortcode: string | null
  originator_conversation_id: string | null
  conversation_id: string | null
}

/** Gives a customer's payment back, or part of it, and tells the customer. Nothing else can be reversed. */
export function reversePayment(world: World, reversal: Reversal): Ended {
  const { receipt, shortcode, originator_conversation_id, conversation_id } = reversal
  const payment = findEntry(world, receipt)
  if (payment === undefined || !isReversible(payment)) return failed('R000002')
  if (shortcode !== null && !isReceiver(world, payment, shortcode)) return failed('R000002')
  const back = ledgerEntries(world).filter(({ reverses }) => reverses === receipt)
  const left = shillings(payment.amount - back.reduce((sum, { amount }) => sum + amount, 0))
  const amount = reversal.amount ?? left
  if (left === 0 || (back.length > 0 && amount > left)) return failed('R000001')
  if (amount > left) return failed('2')
  const [{ account, shortcode: payer }] = payment.moves
  if ((findOrganisation(world, payer)?.accounts[account] ?? 0) < amount) return failed('1')
  const phone = findPhone(world, payment.msisdn)
  moveBalance(world, phone, amount)
  const entry = record(world, {
    receipt: world.ids.receipt(),
    kind: 'reversal',
    amount,
    msisdn: phone.msisdn,
    shortcode: payer,
    reference: payment.reference,
    reverses: receipt,
    reason: `${payment.reason} Reversal`,
    moves: [{ shortcode: payer, account, change: -amount }],
    originator_conversation_id,
    conversation_id,
  })
  const organisation = findOrganisation(world, payer)?.name ?? payer
  sendMessage(world, phone, reversed(world, phone, { receipt: entry.receipt, amount, organisation, original: receipt }))
  return { code: '0', entry }
}

/** What an operator does at the M-PESA portal: the payment goes back, and nobody is told but the payer. */
export function reverseAtPortal(world: World, asked: Record<string, unknown>): LedgerEntry {
  const { receipt, amount = null, ...rest } = asked
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw new Error(`There is no field ${unknown} here. There are: receipt, amount.`)
  if (typeof receipt !== 'string') throw new Error('receipt must be the M-Pesa code of a payment.')
  if (amount !== null && !(typeof amount === 'number' && amount > 0)) {
    throw new Error('amount must be a number of shillings, or left out for all of it.')
  }
  const ids = { originator_conversation_id: null, conversation_id: null }
  const { code, entry } = reversePayment(world, { receipt, amount, shortcode: null, ...ids })
  if (entry === null) throw new Error(refusals.get(code) ?? 'The payment cannot be reversed.')
  return entry
}

const refusals = new Map(
  Object.entries<string>({
    R000001: 'The payment has been reversed already, as far as that goes.',
    R000002: 'The ledger has no customer payment with this receipt.',
    '1': 'The organisation no longer has the money.',
    '2': 'The payment was smaller than that.',
  }),
)

type CustomerPayment = LedgerEntry & { msisdn: string; moves: [LedgerEntry['moves'][number]] }

const isReversible = (entry: LedgerEntry): entry is CustomerPayment =>
  (entry.kind === 'stk' || entry.kind === 'c2b') && entry.msisdn !== null && entry.moves.length === 1

/** The receiver, or for a till also its store, and the short code that asked for the payment. */
const isReceiver = (world: World, { shortcode, originator_conversation_id: id }: LedgerEntry, claimed: string) =>
  speaksFor(world, claimed, shortcode) || (id !== null && findStkPaymentAsked(world, id)?.shortcode === claimed)
