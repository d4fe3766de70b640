import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import { subjectOf } from '../accounts/kept-token.ts'
import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { showPath } from '../log.ts'
import type { Provider } from '../providers/provider.ts'
import { providerOf } from '../providers/provider-of.ts'
import { receive } from './act.ts'
import type { Acts } from './act.ts'
import { readArrival } from './arrival.ts'
import type { Delivered } from './arrival.ts'
import { withPatience } from './patience.ts'
import { inWordsOf } from './reply.ts'
import { peerOf, sourceAddress } from '../source-address.ts'
import { receiveStray } from './stray.ts'
import { createThrottle } from './throttle.ts'

const straysPerSecond = 10

/**
 * What providers tell us. The body is durable before the reply, and the reply is what the provider expects, whatever becomes
 * of it here: Safaricom posts once, and does not come back.
 */
export function callbackRoutes(context: Context, acts: Acts): Hono {
  const routes = new Hono()
  const mayKeep = createThrottle(straysPerSecond)
  const providers = Object.values(context.providers)
  const headers = [...keptHeaders, ...providers.flatMap(({ callbacks }) => callbacks.headers)]

  const hear = async (c: HonoContext, from: Provider[]) => {
    const delivered = await readDelivered(context, c, headers)
    const subject = await withPatience(subjectOf(context, c.req.param('token') ?? ''))
    if (!subject) {
      const sender = await withPatience(receiveStray(context, delivered, { acts, from, mayKeep }))
      return sender ? c.json(sender.callbacks.accepted) : c.json(from[0]!.callbacks.refused, 400)
    }
    const provider = providerOf(context, subject)
    const reply = await receive(context, acts, readArrival(provider, delivered, subject))
    return reply ? c.json(inWordsOf(provider, reply)) : c.json(provider.callbacks.refused, 400)
  }
  for (const provider of providers)
    for (const path of provider.callbacks.paths) routes.post(path, (c) => hear(c, [provider]))
  for (const path of ['/v1/in/:token', '/v1/in/:token/:channel{validation|confirmation|timeout|pull}'])
    routes.post(path, (c) => hear(c, providers))
  return routes
}

async function readDelivered(context: Context, c: HonoContext, headers: string[]): Promise<Delivered> {
  const received_at = context.clock.now()
  return {
    id: newId(received_at),
    received_at,
    // As it came: decoded it may hold what no text of the database can.
    path: showPath(new URL(c.req.url).pathname),
    source_address: sourceAddress(peerOf(c), c.req.header('X-Forwarded-For'), context.config.trustedProxies),
    headers: headersWorthKeeping(c, headers),
    body: Buffer.from(await c.req.arrayBuffer()),
  }
}

const keptHeaders = ['content-type', 'user-agent', 'x-forwarded-for']

function headersWorthKeeping(c: HonoContext, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = c.req.header(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
