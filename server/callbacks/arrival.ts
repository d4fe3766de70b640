import { outOfBounds, parseStorable } from '../json-bounds.ts'
import type { Environment } from '../providers/names.ts'
import type { Posted } from '../providers/posted.ts'
import type { Provider } from '../providers/provider.ts'
import type { TokenSubject } from '../token.ts'
import type { Callback } from './callback.ts'

/**
 * Why a valid token is not enough: the body came from an address that the provider does not list, which matters where money is
 * real; or it bears a wrong signature, which matters everywhere; or nothing that this provider posts is proof.
 */
export type Doubt = 'outside' | 'forged' | 'unconfirmed'

/** True when a body may settle nothing of an account of this environment until a check confirms it. */
export function isDoubted({ doubt }: Pick<Arrival, 'doubt'>, environment: Environment): boolean {
  return doubt === 'forged' || doubt === 'unconfirmed' || (doubt === 'outside' && environment === 'live')
}

/** A body that was posted to us, before anybody knows whom it concerns: what is kept of it, and what was read of it. */
export type Delivered = Omit<Callback, 'merchant_id' | 'kind' | 'subject_id'>

/** A body with a valid token: the row that keeps it, and what was read of it. It may settle, and only what the token names. */
export type Arrival = Callback & TokenSubject & Read

type Read = Posted & {
  /** The last part of the path: what the provider meant it to be. */
  channel: string
  doubt: Doubt | undefined
}

/** What an address can say of what is posted there, as a part of a pattern. */
export const channelNames = 'validation|confirmation|timeout|pull'

// In the addresses that we hand out it stands at the end; in their aliases a token may follow.
const channels = new RegExp(`/(${channelNames})(?=/|$)`)

/** Reads what was delivered: the same when it comes and when it is acted on later. */
export function readArrival(provider: Provider, delivered: Delivered, subject: TokenSubject): Arrival {
  return {
    ...delivered,
    ...subject,
    channel: channels.exec(delivered.path)?.[1] ?? 'result',
    doubt: doubtOf(provider, delivered),
    json: parseJson(delivered.body),
  }
}

function doubtOf({ callbacks }: Provider, { source_address }: Delivered): Doubt | undefined {
  if (!callbacks.isProof) return 'unconfirmed'
  return callbacks.isListed(source_address) ? undefined : 'outside'
}

const utf8 = new TextDecoder()

/**
 * The value of a body that is JSON, and no more of it than any callback has. A byte order mark before it is nothing, and so
 * are characters that no table can hold: what they stand in may be money.
 */
export function parseJson(body: Buffer): unknown {
  const text = utf8.decode(body)
  if (outOfBounds(text)) return undefined
  try {
    return parseStorable(text)
  } catch {
    return undefined
  }
}
