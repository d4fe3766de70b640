import { known } from './known.ts'
import { createNetworks } from './networks.ts'
import type { Networks } from './networks.ts'

/** The other end of the connection that a request came by; undefined where it came by none. */
export function peerOf(c: { env?: unknown }): string | undefined {
  return (c.env as { incoming?: { socket: { remoteAddress?: string } } } | undefined)?.incoming?.socket.remoteAddress
}

/**
 * The address that a request came from: the socket's peer, or, while that is a trusted proxy, the next entry of
 * `X-Forwarded-For` from the right. What stands further left was written by anybody.
 */
export function sourceAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: string[],
): string {
  let address = unmap(peer ?? '')
  if (!forwardedFor) return address
  const trusted = listOf(trustedProxies)
  const hops = forwardedFor
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean)
  while (hops.length > 0 && trusted(address)) address = unmap(hops.pop()!)
  return address
}

// An IPv4 peer of a dual-stack socket shows as ::ffff:196.201.214.200; some proxies write the port behind it.
function unmap(address: string): string {
  const bare = /^(\d+\.\d+\.\d+\.\d+|\[[^\]]*\]):\d+$/.exec(address)?.[1] ?? address
  return bare.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '')
}

const lists = new Map<string, Networks>()

function listOf(entries: string[]): Networks {
  return known(lists, entries.join(), () => createNetworks(entries))
}
