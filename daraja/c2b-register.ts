import { isProduction } from './client.ts'
import type { Daraja } from './client.ts'
import type { Reply } from './core/exchange.ts'
import { asText } from './core/json.ts'
import { isZero, judge, readError } from './core/judge.ts'
import { refuseLocally, shortcodeObjection, urlObjection, urlWordObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

export type C2bRegistration = {
  /** The paybill, or the store number of a till. */
  shortcode: string
  confirmationUrl: string
  /** Asked before each payment, if Safaricom has enabled external validation for the short code. */
  validationUrl: string
  /** What becomes of a payment while the validation URL does not answer within eight seconds. */
  whenUnreachable: 'Completed' | 'Cancelled'
  /** Version 2, the default, masks the payer's number in callbacks, version 1 hashes it. The app must own the product. */
  version?: 'v1' | 'v2'
}

export type C2bRegistered = {
  /** URLs were registered before. In production they cannot be replaced by this call, and may not be these. */
  alreadyRegistered: boolean
  originatorConversationId: string | undefined
  responseDescription: string
}

/**
 * Tells Safaricom where to post payments that customers start themselves (`POST /mpesa/c2b/v2/registerurl`, or v1). In production
 * it works once; later changes need the M-PESA organisation portal. "Already registered" is a success. Never throws; moves no
 * money, so an `unknown` may be sent again.
 *
 * @example
 * const outcome = await c2bRegister(daraja, {
 *   shortcode: '600984', whenUnreachable: 'Completed',
 *   confirmationUrl: 'https://shop.example/in/1f2e', validationUrl: 'https://shop.example/in/1f2e/validation',
 * })
 */
export async function c2bRegister(
  daraja: Daraja,
  registration: C2bRegistration,
  options: SendOptions = {},
): Promise<Outcome<C2bRegistered>> {
  const { confirmationUrl, validationUrl } = registration
  const production = isProduction(daraja)
  const refusal = refuseLocally(
    [
      shortcodeObjection('short code', registration.shortcode),
      urlObjection('confirmation URL', confirmationUrl, production),
      urlWordObjection('confirmation URL', confirmationUrl),
      urlObjection('validation URL', validationUrl, production),
      urlWordObjection('validation URL', validationUrl),
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, `/mpesa/c2b/${registration.version ?? 'v2'}/registerurl`, {
    ShortCode: registration.shortcode,
    ResponseType: registration.whenUnreachable,
    ConfirmationURL: confirmationUrl,
    ValidationURL: validationUrl,
  })
  return judgeRegistration(reply)
}

const ALREADY_REGISTERED = /already registered/i

function judgeRegistration(reply: Reply): Outcome<C2bRegistered> {
  // An error by its status and code, yet what was asked for is so.
  const error = reply.kind === 'answer' ? readError(reply.json).message : undefined
  if (reply.kind === 'answer' && error && ALREADY_REGISTERED.test(error)) {
    return {
      kind: 'accepted',
      alreadyRegistered: true,
      originatorConversationId: undefined,
      responseDescription: error,
      raw: reply.raw,
    }
  }
  return judge(reply, {
    accepted(json) {
      const responseDescription = asText(json['ResponseDescription']) ?? ''
      const alreadyRegistered = ALREADY_REGISTERED.test(responseDescription)
      const saysYes = alreadyRegistered || /success/i.test(responseDescription)
      // The sandbox was seen to leave the code out, and to send it as eight zeros.
      if (!saysYes || (json['ResponseCode'] !== undefined && !isZero(json['ResponseCode']))) return undefined
      return {
        alreadyRegistered,
        originatorConversationId: asText(json['OriginatorCoversationID']),
        responseDescription,
      }
    },
    refused(json) {
      const words = readError(json)
      return words.message?.startsWith('Duplicate notification info') ? words : undefined
    },
  })
}
