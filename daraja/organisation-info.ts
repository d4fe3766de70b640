import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

export type Organisation = {
  shortcode: string
  name: string
  /** The tariff, e.g. `20129` for B2B Tariff 2. */
  chargeProfileId: string | undefined
}

/**
 * Asks to whom a paybill or till belongs, before money goes there (Query Organization Info, or B2B Hakikisha,
 * `POST /sfcverify/v1/query/info`). Answered at once. Its `ResponseCode` is 4000 in the portal's sample and 0 in its table, so
 * the message and the name are what counts. Never throws.
 *
 * @example await organisationInfo(daraja, { type: 'paybill', shortcode: '666677' })
 */
export async function organisationInfo(
  daraja: Daraja,
  organisation: { type: 'paybill' | 'till'; shortcode: string },
  options: SendOptions = {},
): Promise<Outcome<Organisation>> {
  const refusal = refuseLocally([shortcodeObjection('short code', organisation.shortcode)], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/sfcverify/v1/query/info', {
    IdentifierType: organisation.type === 'till' ? '2' : '4',
    Identifier: organisation.shortcode,
  })
  return judge(reply, {
    accepted(json) {
      const name = asText(json['OrganizationName'])
      if (asText(json['ResponseMessage']) !== 'Success' || !name) return undefined
      const shortcode = asText(json['OrganizationShortCode']) ?? organisation.shortcode
      return { shortcode, name, chargeProfileId: asText(json['ChargeProfileID']) }
    },
    refused(json) {
      const code = asText(json['ResponseCode'])
      const message = asText(json['DetailedMessage']) ?? asText(json['ResponseMessage'])
      return code === undefined || json['ResponseMessage'] === 'Success' ? undefined : { code, message }
    },
  })
}
