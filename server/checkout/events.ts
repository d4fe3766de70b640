import { createHash } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { streamSSE } from 'hono/streaming'
import { createBell } from '../bell.ts'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'

/** A page as it is at one moment: what is inside of it, and whether it may still change. */
export type Sight = { inner: string; isLive: boolean }

const lookEveryMs = 2_000
const beatEveryLooks = 8
const looksMax = 300

/**
 * Tells a browser what a page has become, whenever it is not what the browser has: at once when this node settles the payment,
 * within two seconds when another does. Ends with the last change, or after some ten minutes; then the browser comes back.
 */
export function tellChanges(
  context: Context,
  c: HonoContext,
  { id, seen, look }: { id: string; seen: string | undefined; look: () => Promise<Sight> },
): Response {
  const response = streamSSE(
    c,
    async (stream) => {
      const bell = createBell()
      const offChange = context.signals.onChange(id, bell.ring)
      const { stopping } = context.signals
      stopping.addEventListener('abort', bell.ring)
      stream.onAbort(bell.ring)
      try {
        let known = c.req.header('Last-Event-ID') ?? seen
        for (let looks = 0; looks < looksMax && !stream.aborted && !stopping.aborted; looks++) {
          const { inner, isLive } = await look()
          const version = versionOf(inner)
          if (version !== known || !isLive) {
            await stream.writeSSE({ event: isLive ? 'state' : 'last', id: version, data: inner })
            known = version
          } else if (looks % beatEveryLooks === 0) {
            await stream.write(': Still waiting.\n\n')
          }
          if (!isLive) return
          await bell.heard(lookEveryMs)
        }
      } finally {
        offChange()
        stopping.removeEventListener('abort', bell.ring)
      }
    },
    async (error) => {
      if (!isAway(error)) context.log.error({ error }, 'The changes of a checkout could not be told.')
    },
  )
  // Some proxies collect what they pass on, until it is too late to be news.
  response.headers.set('X-Accel-Buffering', 'no')
  return response
}

/** What names this very text of a page. */
export function versionOf(inner: string): string {
  return createHash('sha256').update(inner).digest('base64url').slice(0, 12)
}
