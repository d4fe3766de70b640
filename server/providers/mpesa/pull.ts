import { pullQuery, pullRegister } from '@lango/daraja'
import type { PulledTransaction } from '@lango/daraja'
import type { Context } from '../../context.ts'
import { later } from '../../clock.ts'
import type { Account } from '../../accounts/account.ts'
import type { Refused, Registered, Unknown } from '../outcome.ts'
import type { ProviderRecord, RecordPage, RecordQuery } from '../record.ts'
import { amountOf } from './amount.ts'
import { payerOf } from './c2b.ts'
import { darajaOf } from './daraja.ts'
import { notAccepted } from './outcome.ts'
import { readReceipt } from './receipt.ts'

const zoneMs = 3 * 3_600_000

/** Registers the short code for Pull Transactions, once for ever. */
export async function registerRecords(
  context: Context,
  account: Account,
  { callback_url, nominated_number }: { callback_url: string; nominated_number: string },
): Promise<Registered | Refused | Unknown> {
  const outcome = await pullRegister(darajaOf(context, account), {
    shortcode: account.shortcode,
    nominatedNumber: nominated_number,
    callbackUrl: callback_url,
  })
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  return { kind: 'registered', wasRegistered: outcome.alreadyRegistered }
}

/** Lists what customers paid in a window of the last 48 hours, a page at a time; an empty page is the end. */
export async function listRecords(
  context: Context,
  account: Account,
  query: RecordQuery,
): Promise<RecordPage | Refused | Unknown> {
  const outcome = await pullQuery(darajaOf(context, account), { shortcode: account.shortcode, ...query })
  if (outcome.kind !== 'accepted') return notAccepted(outcome)
  return { kind: 'page', records: outcome.transactions.map(readRecord) }
}

function readRecord(transaction: PulledTransaction): ProviderRecord {
  const { receipt, amount, transactedAt, billReference, sender, type, record } = transaction
  return {
    kind: 'payment',
    money: 'c2b',
    direction: 'in',
    receipt: readReceipt(receipt),
    amount_cents: amountOf(amount).amount_cents ?? null,
    ...payerOf(transaction.phone),
    shortcode: null,
    payer_name: sender ?? null,
    reference: billReference?.trim() || null,
    type: type ?? null,
    linked_receipt: null,
    at: transactedAt ?? null,
    // Safaricom writes a Z and does not say whether it means UTC or Nairobi's time.
    at_or: transactedAt ? [later(transactedAt, -zoneMs), later(transactedAt, zoneMs)] : [],
    line: null,
    problem: null,
    raw: JSON.stringify(record),
  }
}
