import { createHash } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { streamSSE } from 'hono/streaming'
import { createBell } from '../bell.ts'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'

/** A page as it is at one moment: what is inside of it, and whether it may still change. */
export type Sight = { inner: string; isLive: boolean }

/** What a browser is told of: the object that is shown, what the browser has, and how the page is looked at again. */
export type Watch = {
  /** Whose changes on this node are told at once. */
  id: string
  seen: string | undefined
  /** `wasTold` where this node has just changed the object. */
  look: (wasTold: boolean) => Promise<Sight>
  /** How often to look without having been told, for what another node does. */
  everyMs?: number
}

const beatMs = 16_000
const watchedMsMax = 10 * 60_000

/**
 * Tells a browser what a page has become, whenever it is not what the browser has: at once when this node changes the object,
 * within two seconds, or as often as is asked for, when another does. Ends with the last change, or after some ten minutes; then
 * the browser comes back.
 */
export function tellChanges(context: Context, c: HonoContext, { id, seen, look, everyMs = 2_000 }: Watch): Response {
  const beatEveryLooks = beatMs / everyMs
  const looksMax = watchedMsMax / everyMs
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
        let wasTold = true
        for (let looks = 0; looks < looksMax && !stream.aborted && !stopping.aborted; looks++) {
          const { inner, isLive } = await look(wasTold)
          const version = versionOf(inner)
          if (version !== known || !isLive) {
            await stream.writeSSE({ event: isLive ? 'state' : 'last', id: version, data: inner })
            known = version
          } else if (looks % beatEveryLooks === 0) {
            await stream.write(': Still waiting.\n\n')
          }
          if (!isLive) return
          wasTold = await bell.heard(everyMs)
        }
      } finally {
        offChange()
        stopping.removeEventListener('abort', bell.ring)
      }
    },
    async (error) => {
      if (!isAway(error)) context.log.error({ error }, 'The changes of a page could not be told.')
    },
  )
  // Some proxies collect what they pass on, until it is too late to be news.
  response.headers.set('X-Accel-Buffering', 'no')
  return response
}

/** What names this very text of a page. What its forms hide is no part of it: that is new each time it is made. */
export function versionOf(inner: string): string {
  return createHash('sha256').update(inner.replace(hidden, '')).digest('base64url').slice(0, 12)
}

const hidden = /<input\s+type="hidden"[^>]*>/g
