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

export const findC2bUrls = (world: World, shortcode: string): C2bUrls | undefined => urls(world).get(shortcode)

export const registerC2bUrls = (world: World, registered: C2bUrls): void => {
  urls(world).set(registered.shortcode, registered)
}
