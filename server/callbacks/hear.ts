import { keptSubject } from '../accounts/kept-token.ts'
import type { PlainPost } from '../api/plain-post.ts'
import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { showPath } from '../log.ts'
import type { ProviderReply } from '../providers/posted.ts'
import type { Provider } from '../providers/provider.ts'
import { providerOf } from '../providers/provider-of.ts'
import { sourceAddress } from '../source-address.ts'
import { readToken } from '../token.ts'
import { receive } from './act.ts'
import type { Acts } from './act.ts'
import { readArrival } from './arrival.ts'
import type { Delivered } from './arrival.ts'
import { withPatience } from './patience.ts'
import { inWordsOf } from './reply.ts'
import { receiveStray } from './stray.ts'
import { createThrottle } from './throttle.ts'

/**
 * Hears what was posted with a token, or without a valid one: then it may be of any provider `from` which it can come there.
 * @throws where it could be kept nowhere.
 */
export type Hear = (post: PlainPost, token: string, from: Provider[]) => Promise<Heard>

/** What a provider is answered: in its own words, whatever becomes of the body here. */
export type Heard = { status: 200 | 400; body: ProviderReply }

const straysPerSecond = 10
const keptHeaders = ['content-type', 'user-agent', 'x-forwarded-for']

/**
 * The one ear of a node. The body is durable before the reply, and the reply is what the provider expects: Safaricom posts once,
 * and does not come back.
 */
export function createHearing(context: Context, acts: Acts): Hear {
  const mayKeep = createThrottle(straysPerSecond)
  const headers = [...keptHeaders, ...Object.values(context.providers).flatMap(({ callbacks }) => callbacks.headers)]

  return async (post, token, from) => {
    const delivered = readDelivered(context, post, headers)
    const { secretKeys } = context.config
    const subject = readToken(secretKeys, token) ?? (await withPatience(keptSubject(context, token)))
    if (!subject) {
      const sender = await withPatience(receiveStray(context, delivered, { acts, from, mayKeep }))
      return sender ? taken(sender.callbacks.accepted) : refused(from[0]!)
    }
    const provider = providerOf(context, subject)
    const reply = await receive(context, acts, readArrival(provider, delivered, subject))
    return reply ? taken(inWordsOf(provider, reply)) : refused(provider)
  }
}

const taken = (body: ProviderReply): Heard => ({ status: 200, body })
const refused = ({ callbacks }: Provider): Heard => ({ status: 400, body: callbacks.refused })

function readDelivered(context: Context, { path, peer, header, body }: PlainPost, headers: string[]): Delivered {
  const received_at = context.clock.now()
  return {
    id: newId(received_at),
    received_at,
    path: showPath(path),
    source_address: sourceAddress(peer, header('x-forwarded-for'), context.config.trustedProxies),
    headers: headersWorthKeeping(header, headers),
    body,
  }
}

function headersWorthKeeping(header: PlainPost['header'], names: string[]): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of names) {
    const value = header(name)
    if (value !== undefined) kept[name] = value
  }
  return kept
}
