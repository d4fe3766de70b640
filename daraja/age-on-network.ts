import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { lookupSaysYes, readLookupRefusal } from './core/lookup.ts'
import { phoneObjection, refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parseNairobi } from './nairobi.ts'
import { parsePhone } from './phone.ts'

export type AgeOnNetwork = {
  /** When the number was registered, as it came: a day, or words. */
  registered: string
  registeredAt: Date | undefined
  requestRefId: string | undefined
}

/**
 * Asks since when a number is registered (`POST /registration/lookup/v1/checkATI`). Answered at once. The sandbox was seen to
 * answer 400 with a body that says 404. Never throws.
 *
 * @example await ageOnNetwork(daraja, '0722 000 000')
 */
export async function ageOnNetwork(
  daraja: Daraja,
  phone: string,
  options: SendOptions = {},
): Promise<Outcome<AgeOnNetwork>> {
  const refusal = refuseLocally([phoneObjection(phone)], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/registration/lookup/v1/checkATI', { customerNumber: parsePhone(phone) ?? phone })
  return judge(reply, {
    accepted(json) {
      const registered = asText(json['msisdnRegistrationDate'])
      if (!lookupSaysYes(json) || registered === undefined) return undefined
      return { registered, registeredAt: parseNairobi(registered), requestRefId: asText(json['requestRefID']) }
    },
    refused: readLookupRefusal,
  })
}
