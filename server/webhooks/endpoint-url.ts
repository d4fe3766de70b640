import type { Context } from '../context.ts'
import { hasLiveAccount } from '../accounts/find.ts'
import type { Mode } from '../access/key.ts'
import type { Reach } from '../guarded/address.ts'
import { Problem } from '../problem.ts'

/**
 * How far a post to an address that a merchant gave may reach. In plain http nothing live leaves the networks that the installation
 * allows.
 */
export function reachOf({ url, mode }: { url: string; mode: Mode }, loopback: boolean): Reach {
  if (mode === 'live' && url.startsWith('http:')) return 'allowed_networks'
  return loopback ? 'public_or_itself' : 'public'
}

/**
 * Whether the machine itself may be posted to: while this installation is reached at the machine itself, and no account is live.
 */
export async function loopbackAllowed(context: Context): Promise<boolean> {
  const { hostname } = new URL(context.config.publicUrl)
  // 0.0.0.0 and :: are what a server listens on that was given no public address.
  const isHere = /^(localhost|.*\.localhost|127\.[0-9.]+|0\.0\.0\.0|\[::1?\])$/.test(hostname)
  return isHere && !(await hasLiveAccount(context))
}

/**
 * Reads where a merchant wants to be told, as it will be posted to.
 * @throws a Problem that names `url` when it is not an address that events may be sent to.
 */
export async function readEndpointUrl(
  context: Context,
  text: string,
  { merchant_id, mode }: { merchant_id: string; mode: Mode },
): Promise<string> {
  const refuse = (message: string): never => {
    throw new Problem('invalid_request', message, 'url')
  }
  const url = URL.parse(text) ?? refuse('The url is not a URL. Write it in full, as https://shop.example/lango.')
  if (!['http:', 'https:'].includes(url.protocol)) refuse('The url must begin with https:// or http://.')
  if (url.username || url.password) refuse('The url must hold no user name or password: our signature says who calls.')
  const reach = reachOf({ url: url.href, mode }, await loopbackAllowed(context))
  const { allowedNetworks = [] } = context.config
  const refusal = await context.refusalOf(url, { merchant_id, reach })
  if (reach === 'allowed_networks' && (refusal || allowedNetworks.length === 0)) {
    refuse('A live endpoint must be reached over https, unless it lies in a network listed in ALLOWED_NETWORKS.')
  }
  if (refusal) {
    refuse(
      `${refusal} Give an address that the Internet can reach, or one in a network listed in ALLOWED_NETWORKS; this machine's own serves only while nothing is live.`,
    )
  }
  url.hash = ''
  return url.href
}
