import { readMsisdn } from '../msisdn.ts'
import type { World } from '../world.ts'

/** Until one is registered, the phone of Wanjiku, who keeps the shop. */
const shopkeeper = '254722000111'

const numbers = (world: World) => world.memory.collection<{ msisdn: string }>('nominated-numbers')

/** The phone on which somebody answers for an organisation. */
export const nominatedNumber = (world: World, shortcode: string): string =>
  numbers(world).get(shortcode)?.msisdn ?? shopkeeper

export const isNominated = (world: World, shortcode: string): boolean => numbers(world).has(shortcode)

/** Names the phone, in any spelling; false for what is no Kenyan mobile number. */
export function nominate(world: World, shortcode: string, spelling: string): boolean {
  const msisdn = readMsisdn(spelling)
  if (msisdn !== undefined) numbers(world).set(shortcode, { msisdn })
  return msisdn !== undefined
}
