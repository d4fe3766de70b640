import type { Environment } from '../providers/provider.ts'
import { isSafaricom } from './source-address.ts'

/**
 * Why a valid token is not enough: the body came from an address that the provider does not list, which matters where money is
 * real; or it bears a wrong signature, which matters everywhere.
 */
export type Doubt = 'outside' | 'forged'

/** True when a body may settle nothing of an account of this environment until a check confirms it. */
export function isDoubted({ doubt }: Pick<Arrival, 'doubt'>, environment: Environment): boolean {
  return doubt === 'forged' || (doubt === 'outside' && environment === 'live')
}

/** A body that was posted to us, before anybody knows what it is. */
export type Arrival = {
  id: string
  at: Date
  /** Without the token that it may have carried. */
  path: string
  /** The last part of the path: what the provider meant it to be. */
  channel: string
  source_address: string
  isFromSafaricom: boolean
  doubt: Doubt | undefined
  headers: Record<string, string>
  body: Buffer
  /** Undefined when the body is not JSON. */
  json: unknown
}

// In the addresses that we hand out it stands at the end; in their aliases a token may follow.
const channels = /\/(validation|confirmation|timeout|pull)(?=\/|$)/

/** What arrived, from what is kept of it: the same when it comes and when it is acted on later. */
export function arrivalOf(kept: {
  id: string
  received_at: Date
  path: string
  source_address: string
  headers: Record<string, string>
  body: Buffer
}): Arrival {
  const { id, received_at: at, path, source_address, headers, body } = kept
  return {
    id,
    at,
    path,
    channel: channels.exec(path)?.[1] ?? 'result',
    source_address,
    isFromSafaricom: isSafaricom(source_address),
    doubt: isSafaricom(source_address) ? undefined : 'outside',
    headers,
    body,
    json: parseJson(body),
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
