import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import { asList, asObject, asText, readBody } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import {
  amountObjection,
  lengthObjection,
  phoneObjection,
  refuseLocally,
  shortcodeObjection,
  urlObjection,
  urlWordObjection,
} from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { formatNairobi } from './nairobi.ts'
import { parsePhone } from './phone.ts'

/** The portal has numbered the frequencies twice. The later one came with other transaction types, in August 2026. */
export const RATIBA_GENERATIONS = {
  '2025': {
    types: { paybill: 'Standing Order Customer Pay Bill', till: 'Standing Order Customer Pay Marchant' },
    frequencies: ['once', 'daily', 'weekly', 'monthly', 'bimonthly', 'quarterly', 'half_yearly', 'yearly'],
  },
  '2026': {
    types: {
      paybill: 'Standing Order Pay Bill External Third Party',
      till: 'Standing Order Pay Merchant External Third Party',
    },
    frequencies: ['once', 'daily', 'weekly', 'biweekly', 'monthly', 'bimonthly', 'quarterly', 'half_yearly', 'yearly'],
  },
} as const

/** `biweekly` exists in generation 2026 alone. */
export type RatibaFrequency = (typeof RATIBA_GENERATIONS)['2026']['frequencies'][number]

export type Ratiba = {
  /** Unique among the payer's standing orders. */
  name: string
  type: 'paybill' | 'till'
  shortcode: string
  /** The payer's number in any usual form. */
  phone: string
  /** Whole shillings, each time. */
  amount: number
  /** The first and the last day, by Nairobi's calendar. */
  startDate: Date
  endDate: Date
  frequency: RatibaFrequency
  /** Up to 12 characters. */
  accountReference: string
  /** Up to 13 characters. */
  description: string
  callbackUrl: string
  /** Your own id of the order, a UUID; generation 2026 repeats it as `responseRefID`. */
  orderId?: string
  /** Which of the portal's two forms to send. Defaults to `2026`. */
  generation?: keyof typeof RATIBA_GENERATIONS
}

export type RatibaAccepted = { responseRefId: string; responseDescription: string }

/**
 * Asks a payer to agree to a standing order (M-Pesa Ratiba, `POST /standingorder/v1/createStandingOrderExternal`). Accepted means
 * that the prompt is on its way; the outcome comes to the callback URL: `parseRatibaCallback`. Safaricom documents no way to
 * list or cancel orders. Never throws.
 *
 * @example
 * await ratiba(daraja, {
 *   name: 'Rent', type: 'paybill', shortcode: '300584', phone: '0708374149', amount: 10, frequency: 'monthly',
 *   startDate: new Date('2026-12-01'), endDate: new Date('2027-12-01'), accountReference: 'A7', description: 'Rent',
 *   callbackUrl: 'https://shop.example/in/1f2e', orderId: crypto.randomUUID(),
 * })
 */
export async function ratiba(
  daraja: Daraja,
  order: Ratiba,
  options: SendOptions = {},
): Promise<Outcome<RatibaAccepted>> {
  const generation = RATIBA_GENERATIONS[order.generation ?? '2026']
  const frequency = (generation.frequencies as readonly RatibaFrequency[]).indexOf(order.frequency) + 1
  const refusal = refuseLocally(
    [
      shortcodeObjection('short code', order.shortcode),
      phoneObjection(order.phone),
      amountObjection(order.amount),
      order.startDate <= order.endDate ? undefined : 'The order ends before it begins.',
      frequency > 0 ? undefined : `Generation ${order.generation} has no frequency "${order.frequency}".`,
      lengthObjection('name', order.name, 1, 100),
      lengthObjection('account reference', order.accountReference, 1, 12),
      lengthObjection('description', order.description, 1, 13),
      urlObjection('callback URL', order.callbackUrl, isProduction(daraja)),
      urlWordObjection('callback URL', order.callbackUrl),
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/standingorder/v1/createStandingOrderExternal', {
    StandingOrderName: order.name,
    ReceiverPartyIdentifierType: order.type === 'till' ? '2' : '4',
    TransactionType: generation.types[order.type],
    BusinessShortCode: order.shortcode,
    PartyA: parsePhone(order.phone) ?? order.phone,
    Amount: String(order.amount),
    StartDate: formatNairobi(order.startDate, 'yyyyMMdd'),
    EndDate: formatNairobi(order.endDate, 'yyyyMMdd'),
    Frequency: String(frequency),
    CustomStoId: order.orderId,
    AccountReference: order.accountReference,
    TransactionDesc: order.description,
    CallBackURL: order.callbackUrl,
  })
  return judge(reply, {
    accepted(json) {
      const header = asObject(json['ResponseHeader'])
      const responseRefId = asText(header?.['responseRefID'])
      if (asText(header?.['responseCode']) !== '200' || !responseRefId) return undefined
      return { responseRefId, responseDescription: asText(header?.['responseDescription']) ?? '' }
    },
  })
}

/** What the callback of a standing order says. */
export type RatibaCallback = {
  /** `0` if the order stands; `1050`: the payer has another of this name. Else as in an STK push. */
  responseCode: string
  responseDescription: string
  responseRefId: string | undefined
  requestRefId: string | undefined
  /** The order's id at Safaricom; zeros in a failure. */
  transactionId: string | undefined
  /** `OKAY` or `ERROR`. */
  status: string | undefined
  /** Masked. */
  phone: string | undefined
  /** Every value as it came, by name; `status` and `Status` are two. */
  values: ReadonlyMap<string, string>
}

/**
 * Reads what Safaricom posts to the callback URL of a standing order. A success has `responseHeader` and `{name, value}`, a failure
 * `ResponseHeader` and `{Name, Value}`. `undefined` for what is no such callback.
 */
export function parseRatibaCallback(body: unknown): RatibaCallback | undefined {
  const callback = readBody(body)
  const header = asObject(callback?.['responseHeader'] ?? callback?.['ResponseHeader'])
  const responseCode = asText(header?.['responseCode'])
  if (!callback || !header || !responseCode) return undefined
  const content = asObject(callback['responseBody'] ?? callback['ResponseBody'])
  const values = readValues(content?.['responseData'] ?? content?.['ResponseData'])
  return {
    responseCode,
    responseDescription: asText(header['responseDescription']) ?? '',
    responseRefId: asText(header['responseRefID']),
    requestRefId: asText(header['requestRefID']),
    transactionId: values.get('TransactionID'),
    status: values.get('Status'),
    phone: values.get('Msisdn'),
    values,
  }
}

function readValues(data: unknown): ReadonlyMap<string, string> {
  return new Map(asList(data).map(asObject).flatMap(readValue))
}

function readValue(item: JsonObject | undefined): [string, string][] {
  const name = asText(item?.['name'] ?? item?.['Name'])
  const value = asText(item?.['value'] ?? item?.['Value'])
  return name === undefined || value === undefined ? [] : [[name, value]]
}
