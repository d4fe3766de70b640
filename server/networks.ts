import { BlockList, isIP } from 'node:net'

/** Whether an IP address lies in one of several networks. An IPv4 address that is mapped into IPv6 lies in none. */
export type Networks = (address: string) => boolean

/** The networks that nobody on the Internet can reach, and which an organisation gives to its own machines. Sources: RFC 1918, 6598, 4193. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']

/**
 * @param cidrs networks such as `10.0.0.0/8`; an address alone is a network of one.
 * @throws when one of them is neither.
 */
export function createNetworks(cidrs: readonly string[]): Networks {
  // Apart, because a list of both takes a mapped address for the plain one.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const cidr of cidrs) {
    const network = readCidr(cidr)
    if (!network) throw new Error(`${cidr} is no network.`)
    lists[network.family].addSubnet(network.address, network.bits, network.family)
  }
  return (address) => {
    const family = familyOf(address)
    return family !== undefined && lists[family].check(address, family)
  }
}

/** Why a text names no network, to stand behind the text; undefined when it does. */
export function complaintOf(text: string): string | undefined {
  return readCidr(text) ? undefined : 'is no address and no network such as 10.0.0.0/8'
}

/** Why a text names no private network or a part of one, to stand behind the text; undefined when it does. */
export function complaintOfPrivate(text: string): string | undefined {
  const cidr = readCidr(text)
  if (!cidr) return complaintOf(text)
  const holders = privateNetworks.map((network) => readCidr(network)!)
  const isPart = holders.some(
    (holder) => cidr.bits >= holder.bits && createNetworks([`${holder.address}/${holder.bits}`])(cidr.address),
  )
  return isPart ? undefined : `is not part of a private network (${privateNetworks.join(', ')})`
}

type Cidr = { address: string; bits: number; family: 'ipv4' | 'ipv6' }

function readCidr(text: string): Cidr | undefined {
  const [, address = '', size] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = familyOf(address)
  if (!family) return undefined
  const bitsMax = family === 'ipv4' ? 32 : 128
  const bits = size === undefined ? bitsMax : Number(size)
  return bits <= bitsMax ? { address, bits, family } : undefined
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  return ([undefined, 'ipv4', 'ipv6'] as const)[[0, 4, 6].indexOf(isIP(address))]
}
