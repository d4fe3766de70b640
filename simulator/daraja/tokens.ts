import type { World } from '../world.ts'

/** An access token: whose it is, and when it ends. */
type Token = { consumer_key: string; expires_at: number }

const lifeMs = 3_600_000

const tokens = (world: World) => world.memory.collection<Token>('tokens')

export function mintToken(world: World, consumerKey: string): string {
  const now = world.clock.now().getTime()
  for (const [token, { consumer_key, expires_at }] of tokens(world)) {
    const superseded = world.settings.latest_token_wins && consumer_key === consumerKey
    if (superseded || expires_at <= now) tokens(world).delete(token)
  }
  const token = world.ids.token()
  tokens(world).set(token, { consumer_key: consumerKey, expires_at: now + lifeMs })
  return token
}

export const isTokenGood = (world: World, token: string): boolean =>
  (tokens(world).get(token)?.expires_at ?? 0) > world.clock.now().getTime()

export const expireToken = (world: World, token: string): boolean => tokens(world).delete(token)

/** The app that a request comes from; empty for a token that is none. */
export const consumerKeyOf = (world: World, headers: Headers): string =>
  tokens(world).get(bearerOf(headers) ?? '')?.consumer_key ?? ''

/** What follows `Bearer`, or undefined. */
export const bearerOf = (headers: Headers): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]
