import type { Daraja } from './client.ts'
import { asObject, asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { phoneObjection, refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'

export type HakikishaB2c = {
  phone: string
  shortcode: string
  /** Your own id of this request. */
  requestId: string
}

/** The first name is plain, the others are masked: `M******`. */
export type Customer = { firstName: string | undefined; middleName: string | undefined; lastName: string | undefined }

/**
 * Asks to whom a number belongs, before B2C pays it (`POST /mpesa/b2c/hakikisha/v1/hakikisha`). Answered at once; a number without
 * M-PESA is `refused` with Safaricom's words. Never throws.
 *
 * @example await hakikishaB2c(daraja, { phone: '0722000000', shortcode: '123456', requestId: crypto.randomUUID() })
 */
export async function hakikishaB2c(
  daraja: Daraja,
  request: HakikishaB2c,
  options: SendOptions = {},
): Promise<Outcome<Customer>> {
  const refusal = refuseLocally(
    [phoneObjection(request.phone), shortcodeObjection('short code', request.shortcode)],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/b2c/hakikisha/v1/hakikisha', {
    header: { requestID: request.requestId, timestamp: String(Math.floor(daraja.now().getTime() / 1000)) },
    body: { msisdn: parsePhone(request.phone) ?? request.phone, shortcode: request.shortcode },
  })
  return judge(reply, {
    accepted(json) {
      const body = asObject(json['body'])
      if (asText(asObject(json['header'])?.['status']) !== '200' || !body) return undefined
      return {
        firstName: asText(body['firstName']),
        middleName: asText(body['middleName']),
        lastName: asText(body['lastName']),
      }
    },
    refused(json) {
      const code = asText(asObject(json['header'])?.['status'])
      return code?.startsWith('4') ? { code, message: asText(asObject(json['body'])?.['message']) } : undefined
    },
  })
}
