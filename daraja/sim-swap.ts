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

export type SimSwap = {
  /** When the SIM was last replaced; `undefined` if that was more than three months ago, which Safaricom writes as 1900. */
  lastSwapAt: Date | undefined
  requestRefId: string | undefined
}

const NOT_RECENT = '01-01-1900'

/**
 * Asks when a number's SIM card was last replaced, a sign of fraud when it was yesterday (SWAP, `POST /imsi/v2/checkATI`).
 * Answered at once; charged by Safaricom. Never throws.
 *
 * @example await simSwap(daraja, '0722 000 000')
 */
export async function simSwap(daraja: Daraja, phone: string, options: SendOptions = {}): Promise<Outcome<SimSwap>> {
  const refusal = refuseLocally([phoneObjection(phone)], options)
  if (refusal) return refusal
  const reply = await post(daraja, '/imsi/v2/checkATI', { customerNumber: parsePhone(phone) ?? phone })
  return judge(reply, {
    accepted(json) {
      const swap = asText(json['lastSwapDate'])
      if (!lookupSaysYes(json) || swap === undefined) return undefined
      const lastSwapAt = swap.startsWith(NOT_RECENT) ? undefined : parseNairobi(swap)
      return { lastSwapAt, requestRefId: asText(json['requestRefID']) }
    },
    refused: readLookupRefusal,
  })
}
