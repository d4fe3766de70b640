import { callbackBase } from './callback-base.ts'
import type { Context } from './context.ts'
import { Problem } from './problem.ts'
import { makeToken } from './token.ts'
import type { TokenSubject } from './token.ts'

/**
 * The URL that a provider is given to tell us about a subject: ours with its token. An address of the merchant's own is sent
 * as given; where its host is ours, the token is added, so that what arrives there settles as well.
 */
export function callbackUrl(
  context: Context,
  subject: TokenSubject,
  own?: string | null,
  kind?: 'timeout' | 'validation' | 'confirmation' | 'pull',
): string {
  const token = makeToken(context.config.secretKeys, subject)
  if (!own) return `${callbackBase(context.config)}/v1/in/${token}${kind ? `/${kind}` : ''}`
  return isOurs(context, own) ? `${own.replace(/\/+$/, '')}/${token}` : own
}

/** True when a callback address leads to this installation. */
export function isOurs(context: Context, url: string): boolean {
  if (!URL.canParse(url)) return false
  return [callbackBase(context.config), context.config.publicUrl].some((own) => new URL(own).host === new URL(url).host)
}

/** Where callbacks are heard; the token follows. */
const heardAt =
  /\/v1\/(?:in|webhooks\/mpesa(?:\/(?:transactionstatus|reversal|b2c|b2b|balance)\/(?:result|timeout))?|payments\/webhook\/ecitizen-pesaflow)\/*$/

/**
 * @throws a Problem when a provider could not call the address that a merchant gave; or when it is on our own host, and what
 * arrived there would be lost.
 */
export function refuseUncallable(context: Context, url: string, param: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Problem('invalid_request', 'A callback address is an http or https URL.', param)
  }
  if (!isOurs(context, url)) return
  const { pathname } = new URL(url)
  if (!heardAt.test(pathname))
    throw new Problem(
      'invalid_request',
      `Nobody hears callbacks at ${pathname} on this host. Leave the address out, or use ${callbackBase(context.config)}/v1/webhooks/mpesa.`,
      param,
    )
  if (/[?#]/.test(url))
    throw new Problem(
      'invalid_request',
      'A callback address on this host has no query and no fragment: the token is added at its end.',
      param,
    )
}
