import {
  acceptValidation,
  acknowledgeConfirmation,
  c2bRegister,
  parseC2bConfirmation,
  parsePhone,
  rejectValidation,
} from '@lango/daraja'
import type { C2bRejection } from '@lango/daraja'
import type { Context } from '../../context.ts'
import type { Account } from '../../accounts/account.ts'
import type { MoneyAddresses, MoneyTold, Unwanted } from '../money-told.ts'
import type { Refused, Registered, Unknown } from '../outcome.ts'
import { normalReceipt } from '../../receipt.ts'
import type { Posted } from '../posted.ts'
import { amountOf } from './amount.ts'
import { darajaOf } from './daraja.ts'
import { notAccepted } from './outcome.ts'

/** Tells Safaricom where to post what customers pay of their own accord, and what to do while nobody answers there. */
export async function registerMoneyIn(
  context: Context,
  account: Account,
  { confirmation_url, validation_url, default_action }: MoneyAddresses,
): Promise<Registered | Refused | Unknown> {
  const outcome = await c2bRegister(darajaOf(context, account), {
    shortcode: account.shortcode,
    confirmationUrl: confirmation_url,
    validationUrl: validation_url,
    whenUnreachable: default_action === 'accept' ? 'Completed' : 'Cancelled',
  })
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  return { kind: 'registered', wasRegistered: outcome.alreadyRegistered }
}

/** Reads the body of a C2B validation or confirmation, which are of one form; undefined when it is none. */
export function readMoneyIn({ json }: Posted): MoneyTold | undefined {
  const told = parseC2bConfirmation(json)
  const receipt = told && normalReceipt(told.receipt)
  if (!told || !receipt) return undefined
  return {
    ...payerOf(told.phone),
    receipt,
    amount_cents: amountOf(told.amount).amount_cents ?? null,
    shortcode: told.shortcode,
    reference: told.billReference?.trim() || null,
    payer_name: told.payerName ?? null,
    paid_at: told.transactedAt ?? null,
    // The balance stands in a confirmation only: before the money has moved there is none to tell.
    hasMoved: told.balance !== undefined,
  }
}

/** The payer's number in whichever form it was told: plain, masked with stars, or as a SHA-256. */
export function payerOf(text: string | undefined): Pick<MoneyTold, 'phone' | 'phone_masked' | 'phone_hash'> {
  const told = text?.trim() ?? ''
  return {
    phone: parsePhone(told) ?? null,
    phone_masked: told.includes('*') ? told : null,
    phone_hash: /^[0-9a-f]{64}$/i.test(told) ? told.toLowerCase() : null,
  }
}

const rejections: Record<Unwanted, C2bRejection> = {
  unknown_reference: 'C2B00012',
  wrong_amount: 'C2B00013',
  wrong_shortcode: 'C2B00015',
  unwanted: 'C2B00016',
}

/** The words in which Safaricom expects to hear whether a payment is wanted. */
export function replyToValidation(verdict: 'wanted' | Unwanted) {
  return verdict === 'wanted' ? acceptValidation() : rejectValidation(rejections[verdict])
}

/** The words in which Safaricom expects to hear that it was understood that money has moved. */
export const replyToConfirmation = acknowledgeConfirmation
