import type { Config } from '../config.ts'
import { forbiddenWordIn, whyNotCallable } from '../public-url.ts'
import { findingOf } from './finding.ts'
import type { InUse } from './concerned.ts'
import type { Finding, Seen } from './finding.ts'

/** Looks at how the addresses of this server read. Whether anybody reaches them, they do not tell. */
export function examineAddresses(
  { publicUrl, callbackBaseUrl = publicUrl }: Config,
  { atSafaricom }: InUse,
): Finding[] {
  return [
    findingOf(
      'payers can be sent to PUBLIC_URL: it is https, and of the Internet',
      'Set PUBLIC_URL to the https address at which the Internet reaches this server.',
      judge(publicUrl, atSafaricom.accounts.length > 0),
    ),
    findingOf(
      'Safaricom takes the address for callbacks: it is https, of the Internet, and without a forbidden word',
      'Set PUBLIC_URL, or MPESA_CALLBACK_URL where callbacks take another way, to the https address at which the Internet reaches this server.',
      judge(callbackBaseUrl, atSafaricom.accounts.length > 0),
      refused(callbackBaseUrl),
    ),
  ]
}

/** As long as every account is with the simulator, an address of this machine does. */
function judge(url: string, isNeeded: boolean): Seen {
  const whys = whyNotCallable(url).map((why) => `${url} ${why}`)
  if (isNeeded) return { wrong: whys.map((why) => `${why}.`), right: [`It is ${url}.`] }
  return {
    unknown: whys.map((why) => `No account is with Safaricom yet, and ${why}.`),
    right: [`It is ${url}.`],
  }
}

function refused(url: string): Seen {
  const word = forbiddenWordIn(url)
  return word ? { wrong: [`${url} holds the word ${word}, which Safaricom refuses.`] } : {}
}
