import type { Daraja } from './client.ts'
import { asNumber, asObject, asText } from './core/json.ts'
import type { JsonObject } from './core/json.ts'
import { judge } from './core/judge.ts'
import type { ErrorWords } from './core/judge.ts'
import { phoneObjection, refuseLocally, shortcodeObjection, wholeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'

export type BongaValue = {
  points: number
  /** Shillings. */
  amount: number
  /** Shillings for one point. */
  rate: number
}

/**
 * Asks what Bonga points are worth (`POST /v1/lipa/na/bonga/calculate-points`). Answered at once. Never throws.
 *
 * @example await bongaCalculate(daraja, 40) // { kind: 'accepted', points: 40, amount: 8, rate: 0.2, … }
 */
export async function bongaCalculate(daraja: Daraja, points: number): Promise<Outcome<BongaValue>> {
  const reply = await post(daraja, '/v1/lipa/na/bonga/calculate-points', { points: String(points) })
  return judge(reply, {
    accepted(json) {
      const body = asObject(json['body'])
      const [amount, rate] = [asNumber(body?.['amount']), asNumber(body?.['rate'])]
      if (!saysYes(json) || amount === undefined || rate === undefined) return undefined
      return { points: asNumber(body?.['points']) ?? points, amount, rate }
    },
    refused: readRefusal,
  })
}

export type BongaRedemption = {
  shortcode: string
  accountNumber: string
  /** The customer's number in any usual form. */
  phone: string
  /** Whole shillings. */
  amount: number
  points: number
  /** Shillings for one point, from `bongaCalculate`. */
  rate: number
}

export type BongaRedeemed = { customerMessage: string; requestRefId: string | undefined }

/**
 * Asks a customer to pay with Bonga points (`POST /v1/lipa/na/bonga/redeem-paybill`). Accepted means that the prompt is on its way;
 * the payment comes to the C2B confirmation URL. Never throws. After `unknown` the prompt may be showing.
 *
 * @example
 * await bongaRedeem(daraja, { shortcode: '888880', accountNumber: 'A7', phone: '0720776155', amount: 50, points: 250, rate: 0.2 })
 */
export async function bongaRedeem(
  daraja: Daraja,
  redemption: BongaRedemption,
  options: SendOptions = {},
): Promise<Outcome<BongaRedeemed>> {
  const { shortcode, accountNumber, phone, amount, points, rate } = redemption
  const objections = [shortcodeObjection('short code', shortcode), phoneObjection(phone), wholeObjection(amount)]
  const refusal = refuseLocally(objections, options)
  if (refusal) return refusal
  const reply = await post(daraja, '/v1/lipa/na/bonga/redeem-paybill', {
    msisdn: parsePhone(phone) ?? phone,
    amount,
    bongaPoints: points,
    conversionRate: rate,
    shortCode: shortcode,
    accountNumber,
  })
  return judge(reply, {
    accepted(json) {
      const header = asObject(json['header'])
      if (!saysYes(json)) return undefined
      return {
        customerMessage: asText(header?.['customerMessage']) ?? '',
        requestRefId: asText(header?.['requestRefId']),
      }
    },
  })
}

/** `responseCode` is a number here; the portal's table also has 6000 for success. */
function saysYes(json: JsonObject): boolean {
  const code = asText(asObject(json['header'])?.['responseCode'])
  return code === '200' || code === '6000'
}

/** Safe for the calculation alone, which moves nothing. */
function readRefusal(json: JsonObject): ErrorWords | undefined {
  const header = asObject(json['header'])
  const code = asText(header?.['responseCode'])
  if (code === undefined || saysYes(json)) return undefined
  return { code, message: asText(header?.['customerMessage']) ?? asText(header?.['responseMessage']) }
}
