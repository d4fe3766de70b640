import { createNetworks } from '../networks.ts'
import { isPublicAddress } from '../public-address.ts'

const loopback = createNetworks(['127.0.0.0/8', '::1'])

// Where clouds tell a machine its secrets, within networks that are private otherwise: Alibaba, Amazon, Google, Scaleway.
const metadata = createNetworks(['100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254', 'fd00:42::42'])

/**
 * How far a request may reach: to anyone on the Internet and into the networks that the installation allows; to the machine
 * itself as well; or into those networks alone.
 */
export type Reach = 'public' | 'public_or_itself' | 'allowed_networks'

/** Whether an IP address lies within a reach. */
export type Judge = (address: string, reach: Reach) => boolean

/** @param allowedNetworks CIDRs of private networks, whose addresses are reached besides the public ones. */
export function createJudge(allowedNetworks: readonly string[]): Judge {
  const isInAllowed = createNetworks(allowedNetworks)
  const isAllowed = (address: string) => isInAllowed(address) && !metadata(address)
  return (address, reach) => {
    if (isAllowed(address)) return true
    if (reach === 'allowed_networks') return false
    return isPublicAddress(address) || (reach === 'public_or_itself' && loopback(address))
  }
}
