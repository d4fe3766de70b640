import { BlockList, isIP } from 'node:net'

// Source: IANA's special-purpose address registries. Azure's metadata service stands alone outside of them.
const privateIpv4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])

// Of IPv6 only the global unicast range is public: what is mapped, translated, local or multicast lies outside of it.
const globalIpv6 = blockList('ipv6', [['2000::', 3]])

// Within it: Teredo and its kin, documentation, and 6to4, which hides an IPv4 address.
const privateIpv6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])

const loopback = blockList('ipv4', [['127.0.0.0', 8]])
loopback.addAddress('::1', 'ipv6')

/** True for an IP address that anyone on the Internet can be reached at: neither private, local, nor another address in disguise. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !privateIpv4.check(address, 'ipv4')
    case 6:
      return globalIpv6.check(address, 'ipv6') && !privateIpv6.check(address, 'ipv6')
    default:
      return false
  }
}

/** True for an IP address of the machine itself, in its plain form. */
export function isLoopbackAddress(address: string): boolean {
  // An IPv4 address mapped into IPv6 would match its plain form, and is never let through.
  if (address.toLowerCase().startsWith('::ffff:')) return false
  const family = isIP(address)
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function blockList(family: 'ipv4' | 'ipv6', subnets: [string, number][]): BlockList {
  const list = new BlockList()
  for (const [address, bits] of subnets) list.addSubnet(address, bits, family)
  return list
}
