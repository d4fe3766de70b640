import { Hono } from 'hono'
import type { Context as HonoContext } from 'hono'
import type { PlainPost } from '../api/plain-post.ts'
import type { Context } from '../context.ts'
import type { Provider } from '../providers/provider.ts'
import { peerOf } from '../source-address.ts'
import { channelNames } from './arrival.ts'
import type { Hear } from './hear.ts'

/** Where providers tell us. What is posted to the addresses that we hand out is mostly taken before it comes here. */
export function callbackRoutes(context: Context, hear: Hear): Hono {
  const routes = new Hono()
  const answer = async (c: HonoContext, from: Provider[]) => {
    const { status, body } = await hear(await postOf(c), c.req.param('token') ?? '', from)
    return c.json(body, status)
  }
  const providers = Object.values(context.providers)
  // Whoever asks in another way is told how, and not for an API key, which none of these takes.
  const hearAt = (path: string, from: Provider[]) =>
    routes.post(path, (c) => answer(c, from)).all(path, (c) => c.notFound())
  for (const provider of providers)
    for (const path of provider.callbacks.paths.flatMap(spellings)) hearAt(path, [provider])
  for (const path of ['/v1/in/:token', `/v1/in/:token/:channel{${channelNames}}`].flatMap(spellings))
    hearAt(path, providers)
  return routes
}

/** A path with what it may lack, and with the slash at its end that forwarders and people add. */
function spellings(path: string): string[] {
  const shapes = path.endsWith('?') ? [path.slice(0, path.lastIndexOf('/')), path.slice(0, -1)] : [path]
  return shapes.flatMap((shape) => [shape, `${shape}/`])
}

async function postOf(c: HonoContext): Promise<PlainPost> {
  return {
    path: new URL(c.req.url).pathname,
    peer: peerOf(c),
    header: (name) => c.req.header(name),
    body: Buffer.from(await c.req.arrayBuffer()),
  }
}
