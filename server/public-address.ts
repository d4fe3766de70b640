import { isIP } from 'node:net'
import { createNetworks } from './networks.ts'

// Source: IANA's special-purpose address registries. Azure's metadata service stands alone outside of them.
const privateIpv4 = createNetworks([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
])

// Of IPv6 only the global unicast range is public: what is mapped, translated, local or multicast lies outside of it.
const globalIpv6 = createNetworks(['2000::/3'])

// Within it: Teredo and its kin, documentation, and 6to4, which hides an IPv4 address.
const privateIpv6 = createNetworks(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

/** True for an IP address that anyone on the Internet can be reached at: neither private, local, nor another address in disguise. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !privateIpv4(address)
    case 6:
      return globalIpv6(address) && !privateIpv6(address)
    default:
      return false
  }
}
