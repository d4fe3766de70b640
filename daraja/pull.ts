import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { asList, asObject, asText, member, parseJson } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import { phoneObjection, refuseLocally, shortcodeObjection, urlObjection, urlWordObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { readShillings } from './core/shillings.ts'
import type { Shillings } from './core/shillings.ts'
import { formatNairobi, parseNairobi } from './nairobi.ts'

const REACH_MS = 48 * 60 * 60 * 1000

/** A window of exactly 48 hours was drawn a moment ago. */
const SLACK_MS = 5 * 60 * 1000

export type PullRegistration = {
  shortcode: string
  /** The organisation's nominated Safaricom number, `07…` or `2547…`. */
  nominatedNumber: string
  callbackUrl: string
}

export type PullRegistered = {
  /** It was registered before, which is as good. */
  alreadyRegistered: boolean
  responseRefId: string | undefined
  responseDescription: string
}

/**
 * Registers a short code for Pull Transactions, once for ever (`POST /pulltransactions/v1/register`). Only short codes that went
 * live can be. Never throws; safe to call again.
 *
 * @example await pullRegister(daraja, { shortcode: '600000', nominatedNumber: '0722000000', callbackUrl: 'https://shop.example/in/1f2e' })
 */
export async function pullRegister(
  daraja: Daraja,
  registration: PullRegistration,
  options: SendOptions = {},
): Promise<Outcome<PullRegistered>> {
  const refusal = refuseLocally(
    [
      shortcodeObjection('short code', registration.shortcode),
      phoneObjection(registration.nominatedNumber),
      urlObjection('callback URL', registration.callbackUrl, isProduction(daraja)),
      urlWordObjection('callback URL', registration.callbackUrl),
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/pulltransactions/v1/register', {
    ShortCode: registration.shortcode,
    RequestType: 'Pull',
    NominatedNumber: registration.nominatedNumber,
    CallBackURL: registration.callbackUrl,
  })
  return judge(reply, {
    accepted(json) {
      const status = asText(member(json, 'ResponseStatus'))
      if (status !== '1000' && status !== '1001') return undefined
      const responseDescription = asText(member(json, 'ResponseDescription')) ?? ''
      return { alreadyRegistered: status === '1001', responseRefId: asText(json['ResponseRefID']), responseDescription }
    },
  })
}

export type PullQuery = {
  shortcode: string
  /** Not more than 48 hours ago: that is as far as Safaricom looks back. */
  from: Date
  until: Date
  /** How many records to skip. Defaults to 0; pages seem to have 100. */
  offset?: number
}

export type PulledTransaction = {
  /** The M-Pesa code. */
  receipt: string
  /** The time as it came, e.g. `2020-08-05T10:13:00Z`. */
  transactedAtText: string
  /** The same with its `Z` believed. Whether Safaricom means UTC or Nairobi time is not known, so allow for three hours. */
  transactedAt: Date | undefined
  /** As it came: nine digits in the portal's sample, not masked. `parsePhone` reads it. */
  phone: string | undefined
  sender: string | undefined
  /** E.g. `c2b-pay-bill-debit`. */
  type: string | undefined
  /** The account that the payer entered. */
  billReference: string | undefined
  /** Shillings. */
  amount: Shillings | undefined
  organisationName: string | undefined
  /** The record as it came. */
  record: JsonObject
}

export type Pulled = { transactions: readonly PulledTransaction[]; responseRefId: string | undefined }

/**
 * Lists C2B payments, STK included, of at most the last 48 hours (`POST /pulltransactions/v1/query`). No payments is a success
 * with an empty list. A record that cannot be read makes the whole answer `unknown`, so that none is overlooked. Never throws,
 * moves no money.
 *
 * @example await pullQuery(daraja, { shortcode: '600000', from: anHourAgo, until: now, offset: 100 })
 */
export async function pullQuery(daraja: Daraja, query: PullQuery, options: SendOptions = {}): Promise<Outcome<Pulled>> {
  const refusal = refuseLocally(
    [
      shortcodeObjection('short code', query.shortcode),
      query.from <= query.until ? undefined : 'The window ends before it begins.',
      daraja.now().getTime() - query.from.getTime() <= REACH_MS + SLACK_MS
        ? undefined
        : 'Safaricom looks back 48 hours at most.',
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/pulltransactions/v1/query', {
    ShortCode: query.shortcode,
    StartDate: formatNairobi(query.from, 'yyyy-MM-dd HH:mm:ss'),
    EndDate: formatNairobi(query.until, 'yyyy-MM-dd HH:mm:ss'),
    OffSetValue: String(query.offset ?? 0),
  })
  return judge(reply, {
    accepted(json) {
      const code = asText(member(json, 'ResponseCode'))
      const responseRefId = asText(json['ResponseRefID'])
      if (code === '1001') return { transactions: [], responseRefId }
      const transactions = code === '1000' ? readTransactions(json) : undefined
      return transactions && { transactions, responseRefId }
    },
  })
}

/** Records come as an array in an array; no records also as the text `[[]]`, under another name. */
function readTransactions(json: JsonObject): PulledTransaction[] | undefined {
  const response = member(json, 'Response') ?? member(json, 'Transaction')
  const records = typeof response === 'string' ? parseJson(response) : response
  if (!Array.isArray(records)) return undefined
  const transactions = asList(records).flat().map(readTransaction)
  return transactions.every((transaction) => transaction !== undefined) ? transactions : undefined
}

function readTransaction(value: unknown): PulledTransaction | undefined {
  const record = asObject(value)
  const receipt = asText(member(record, 'transactionId'))
  if (!record || !receipt) return undefined
  const transactedAtText = asText(member(record, 'trxDate')) ?? ''
  return {
    receipt,
    transactedAtText,
    transactedAt: parseNairobi(transactedAtText),
    phone: asText(member(record, 'msisdn')),
    sender: asText(member(record, 'sender')),
    type: asText(member(record, 'transactiontype')),
    billReference: asText(member(record, 'billreference')),
    amount: readShillings(member(record, 'amount')),
    organisationName: asText(member(record, 'organizationname')),
    record,
  }
}
