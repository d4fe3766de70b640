import { BlockList, isIPv6 } from 'node:net'

/**
 * The address that a request came from: the socket's peer, or, while that is a trusted proxy, the next entry of
 * `X-Forwarded-For` from the right. What stands further left was written by anybody.
 */
export function sourceAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  trustedProxies: string[],
): string {
  const trusted = blockList(trustedProxies)
  const hops = (forwardedFor ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter(Boolean)
  let address = unmap(peer ?? '')
  while (hops.length > 0 && contains(trusted, address)) address = unmap(hops.pop()!)
  return address
}

// An IPv4 peer of a dual-stack socket shows as ::ffff:196.201.214.200.
function unmap(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

const lists = new Map<string, BlockList>()

function blockList(entries: string[]): BlockList {
  const name = entries.join()
  let list = lists.get(name)
  if (!list) {
    list = new BlockList()
    for (const entry of entries) {
      const [address, bits] = entry.split('/')
      const family = isIPv6(address!) ? 'ipv6' : 'ipv4'
      if (bits) list.addSubnet(address!, Number(bits), family)
      else list.addAddress(address!, family)
    }
    lists.set(name, list)
  }
  return list
}

function contains(list: BlockList, address: string): boolean {
  return address !== '' && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
