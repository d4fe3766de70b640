import type { World } from '../world.ts'
import type { PesaflowApi } from './api.ts'
import { findClientByKeys } from './client.ts'
import type { PesaflowClient } from './client.ts'
import { json, refuse } from './reply.ts'

type Token = { client: PesaflowClient; expires_at: number }

const lifeMs = 3_600_000

const tokens = (world: World) => world.memory.collection<Token>('pesaflow-tokens')

/** An access token for the key and secret of a client. */
export const token: PesaflowApi = {
  name: 'pesaflow_token',
  method: 'POST',
  path: '/api/oauth/generate/token',
  answer(world, { fields: { key, secret }, struck }) {
    const client = findClientByKeys(world, key, secret)
    if (client === undefined) return refuse(401, 'Unauthorized')
    const value = `eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.${world.ids.token()}.${world.ids.token()}`
    const isDead = struck.has('expire_token')
    tokens(world).set(value, { client, expires_at: isDead ? 0 : world.clock.now().getTime() + lifeMs })
    return json(200, { token: value, expiry: 3599 })
  },
}

/** Whose token a request carries; undefined where it is none, or has ended. */
export function bearer(world: World, headers: Headers): PesaflowClient | undefined {
  const [, value = ''] = /^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '') ?? []
  const found = tokens(world).get(value)
  return found !== undefined && found.expires_at > world.clock.now().getTime() ? found.client : undefined
}

/** Ends the life of the token that a request carries. */
export function expireBearer(world: World, headers: Headers): void {
  tokens(world).delete(/^Bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? '')
}
