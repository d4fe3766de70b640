import { findOrganisation } from '../organisation.ts'
import type { World } from '../world.ts'

/** Where an organisation wants to hear of customers' payments. */
export type C2bUrls = {
  shortcode: string
  /** v1 is told a hash of the payer's number, v2 a masked form. */
  version: 1 | 2
  /** What happens when the validation address does not answer. */
  response_type: 'Completed' | 'Cancelled'
  confirmation_url: string
  validation_url: string
}

const urls = (world: World) => world.memory.collection<C2bUrls>('c2b-urls')

/** Those of an organisation: registered with its own number, or with that of its store. */
export const findC2bUrls = (world: World, shortcode: string): C2bUrls | undefined => {
  const store = findOrganisation(world, shortcode)?.store
  return urls(world).get(shortcode) ?? (store ? urls(world).get(store) : undefined)
}

export const registerC2bUrls = (world: World, registered: C2bUrls): void => {
  urls(world).set(registered.shortcode, registered)
}
