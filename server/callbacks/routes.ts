import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import { newId } from '../id.ts'
import { showPath } from '../log.ts'
import { accepted, receive } from './act.ts'
import { subjectOf } from '../accounts/kept-token.ts'
import { sourceAddress } from './source-address.ts'
import { receiveStray } from './stray.ts'
import { arrivalOf } from './arrival.ts'
import type { Arrival } from './arrival.ts'
import { createThrottle } from './throttle.ts'

const straysPerSecond = 10
const noCallback = { ResultCode: 1, ResultDesc: 'This is not a callback of M-Pesa.' }

/** The other paths at which callbacks may be posted, by hand or by a forwarder; what they are is told by token and body, never by path. */
const aliases = [
  '/v1/webhooks/mpesa/:token?',
  ...['transactionstatus', 'reversal', 'b2c', 'b2b', 'balance'].flatMap((noun) =>
    ['result', 'timeout'].map((kind) => `/v1/webhooks/mpesa/${noun}/${kind}/:token?`),
  ),
]

/**
 * What providers tell us. The body is durable before the reply, and the reply is what the provider expects, whatever becomes
 * of it here: Safaricom posts once, and does not come back.
 */
export function callbackRoutes(context: Context): Hono {
  const routes = new Hono()
  const mayKeepStray = createThrottle(straysPerSecond)
  const answer = async (c: HonoContext) => {
    const arrival = await readArrival(context, c)
    const subject = await subjectOf(context, c.req.param('token') ?? '')
    const reply = subject
      ? await receive(context, { ...arrival, ...subject })
      : (await receiveStray(context, arrival, mayKeepStray)) && accepted
    return reply ? c.json(reply) : c.json(noCallback, 400)
  }
  for (const path of ['/v1/in/:token', '/v1/in/:token/:channel{validation|confirmation|timeout|pull}', ...aliases])
    routes.post(path, answer)
  return routes
}

async function readArrival(context: Context, c: HonoContext): Promise<Arrival> {
  const at = context.clock.now()
  const peer = (c.env as { incoming?: { socket: { remoteAddress?: string } } } | undefined)?.incoming?.socket
    .remoteAddress
  const address = sourceAddress(peer, c.req.header('X-Forwarded-For'), context.config.trustedProxies)
  return arrivalOf({
    id: newId(at),
    received_at: at,
    path: showPath(c.req.path),
    source_address: address,
    headers: headersWorthKeeping(c),
    body: Buffer.from(await c.req.arrayBuffer()),
  })
}

const keptHeaders = ['content-type', 'user-agent', 'businessshortcode', 'x-mpesa-signature', 'x-forwarded-for']

function headersWorthKeeping(c: HonoContext): Record<string, string> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = c.req.header(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
