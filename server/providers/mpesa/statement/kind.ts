import type { ProviderRecord } from '../../record.ts'
import { betweenOwnAccounts } from './details.ts'
import type { Details } from './details.ts'
import type { Party } from './party-cell.ts'

/** Of a movement, what decides what it is. */
export type Movement = {
  direction: 'in' | 'out'
  /** The column *Reason Type*, where there is one. */
  reason: string
  details: Details
  party: Party
  /** The column *Linked Transaction ID*. */
  linked: string | null
  /** The other side is an account of ours, and that is shown. */
  isWithOurselves: boolean
}

const reversal = /\brevers|\brefund|\bcharge ?back/i
const charge = /\b(?:charges?(?! ?back)|fees?|commission|tariff|excise|levy)\b/i
/** The last of the two words is the thing: a reversal charge is a charge, and a charge reversal is a reversal. */
const chargeOfReversal = /\brevers\w*\s+(?:charges?|fees?)\b/i
const toBank = /\bsettle|\bwithdraw|\bto bank\b/i
const overdraft =
  /\b(?:od|overdraft|over ?draw|fuliza|loan)\b.*\brepay|\brepay\w*\b.*\b(?:od|overdraft|over ?draw|fuliza|loan)\b/i
const toPerson = /\b(?:business|salary|promotion|b2c|bulk) payment\b|\bpayment to customer\b/i
/** Paid with Fuliza, which M-Pesa lends to customers only: such lines may show the organisation's number in place of the payer's. */
const overdrawn = /\bwith od\b|\bfuliza\b/i
const prompted = /\bonline\b|\bstk\b|\bpay utility\b/i

/**
 * What a movement is, by the columns that M-Pesa fills: never by an account or a name, which a payer typed. Money in is money in,
 * unless it comes from an account of ours; who is not shown is unknown, and not ourselves.
 */
export function kindOf(movement: Movement): ProviderRecord['kind'] {
  return movement.direction === 'in' ? kindOfIncoming(movement) : kindOfOutgoing(movement)
}

function kindOfIncoming({ reason, details, party, isWithOurselves }: Movement): ProviderRecord['kind'] {
  const words = reason || (details.areOfMpesa ? details.words : '')
  if (isReversal(words)) return 'reversal'
  if (isWithOurselves && !overdrawn.test(words)) return 'transfer'
  const isUnnamed = party.phone === null && party.phone_masked === null && party.shortcode === null
  return isUnnamed && betweenOwnAccounts.test(words) ? 'transfer' : 'payment'
}

// A charge, and what is reversed, may carry the reason of the payment that it belongs to: then *Details* says what it is.
function kindOfOutgoing({ reason, details, linked, isWithOurselves }: Movement): ProviderRecord['kind'] {
  const words = [reason, details.words]
  if (words.some(isReversal)) return 'reversal'
  if (words.some((text) => charge.test(text))) return 'charge'
  if (isWithOurselves) return 'transfer'
  if (words.some((text) => toBank.test(text) || overdraft.test(text) || betweenOwnAccounts.test(text)))
    return 'transfer'
  return linked && !words.some((text) => toPerson.test(text)) ? 'reversal' : 'payout'
}

function isReversal(words: string): boolean {
  return reversal.test(words) && !chargeOfReversal.test(words)
}

/** How a customer's money came: pushed or by hand. What another organisation paid is neither. */
export function moneyOf({
  reason,
  details,
  party,
}: Pick<Movement, 'reason' | 'details' | 'party'>): ProviderRecord['money'] {
  if (party.shortcode !== null) return 'other'
  return prompted.test(reason || details.words) ? 'stk' : 'c2b'
}

/** Ten capitals and digits; in small letters only what a word cannot be: with a digit. */
const receiptForm =
  /(?<![A-Za-z0-9])(?:(?=[A-Z0-9]*[A-Z])[A-Z0-9]{10}|(?=[a-z0-9]*[a-z])(?=[a-z]*\d)[a-z0-9]{10})(?![A-Za-z0-9])/g

/** The receipt of which a reversal tells in *Details*, in whichever words; one that stands there alone. */
export function linkedReceipt({ told }: Details, own: string | undefined): string | null {
  const receipts = new Set(told.match(receiptForm)?.map((text) => text.toUpperCase()))
  if (own) receipts.delete(own)
  // A name in capitals may have ten letters; a receipt nearly always has digits.
  const withDigits = [...receipts].filter((text) => /\d/.test(text))
  const candidates = withDigits.length > 0 ? withDigits : [...receipts]
  return candidates.length === 1 ? candidates[0]! : null
}
