import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { readLookupRefusal } from './core/lookup.ts'
import { phoneObjection, refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'

/** The kinds of documents. One capture of the portal has these numbers; another has names such as `NationalID`. */
export const ID_TYPES = { nationalId: '01', militaryId: '02', passport: '05' } as const

export type NumberValidation = {
  /** Your own id of this request. */
  requestId: string
  shortcode: string
  phone: string
  /** One of `ID_TYPES`' keys, or what Safaricom told you to send. */
  idType: keyof typeof ID_TYPES | (string & {})
  idNumber: string
}

export type NumberValidated = {
  /** Whether the number belongs to the holder of the document. */
  matches: boolean
  /** As it came: `TRUE` and `FALSE`, or `Valid`. */
  status: string
  responseRefId: string | undefined
  responseMessage: string
}

/**
 * Asks whether a number belongs to the holder of an identity document (`POST /v1/KYC-validation/validateID`). Answered at once.
 * Never throws.
 *
 * @example await numberValidation(daraja, { requestId, shortcode: '600000', phone: '0722000000', idType: 'nationalId', idNumber: '12345678' })
 */
export async function numberValidation(
  daraja: Daraja,
  request: NumberValidation,
  options: SendOptions = {},
): Promise<Outcome<NumberValidated>> {
  const refusal = refuseLocally(
    [phoneObjection(request.phone), shortcodeObjection('short code', request.shortcode)],
    options,
  )
  if (refusal) return refusal
  const idTypes: Record<string, string> = ID_TYPES
  const reply = await post(daraja, '/v1/KYC-validation/validateID', {
    requestRefID: request.requestId,
    shortCode: request.shortcode,
    msisdn: parsePhone(request.phone) ?? request.phone,
    idType: idTypes[request.idType] ?? request.idType,
    idNumber: request.idNumber,
  })
  return judge(reply, {
    accepted(json) {
      const status =
        asText(json['status']) ?? (typeof json['status'] === 'boolean' ? String(json['status']) : undefined)
      if (status === undefined) return undefined
      const responseMessage = asText(json['responseMessage']) ?? ''
      return {
        matches: /^(true|valid)$/i.test(status),
        status,
        responseRefId: asText(json['responseRefID']),
        responseMessage,
      }
    },
    refused: readLookupRefusal,
  })
}
