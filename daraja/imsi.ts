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

export type Imsi = {
  /** Hashed: it tells whether the SIM card changed, not which it is. */
  imsi: string
  lastSwapAt: Date | undefined
  /** When the number was registered, as it came: a day, or words where that was more than a year ago. */
  registered: string | undefined
  registeredAt: Date | undefined
  requestRefId: string | undefined
}

/**
 * Asks which SIM card a number has, and since when (IMSI, `POST /imsi/v1/checkATI`). Answered at once; charged by Safaricom.
 * Never throws.
 *
 * @example await imsi(daraja, '0722 000 000')
 */
export async function imsi(daraja: Daraja, phone: string, options: SendOptions = {}): Promise<Outcome<Imsi>> {
  const refusal = refuseLocally([phoneObjection(phone)], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/imsi/v1/checkATI', { customerNumber: parsePhone(phone) ?? phone })
  return judge(reply, {
    accepted(json) {
      const hash = asText(json['imsi'])
      if (!lookupSaysYes(json) || hash === undefined) return undefined
      const registered = asText(json['msisdnRegistrationDate'])
      return {
        imsi: hash,
        lastSwapAt: parseNairobi(asText(json['lastSwapDate']) ?? ''),
        registered,
        registeredAt: parseNairobi(registered ?? ''),
        requestRefId: asText(json['requestRefID']),
      }
    },
    refused: readLookupRefusal,
  })
}
