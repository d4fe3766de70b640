import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { html } from 'hono/html'
import type { Change, World } from '../world.ts'
import { dayInWords, hourAndMinute } from './words.ts'

export type Markup = ReturnType<typeof html>

/** What the pages may touch: the world, and who to ask about its changes. */
export type Stage = {
  world: World
  subscribe(listener: (what: Change) => void): () => void
  reset(): void
}

/** A part of a page that is replaced as a whole. Its element has the `id`, and the `version` as `data-version`. */
export type Fragment = { id: string; version: string; render(): Markup }

const minuteMs = 60_000
// Faster than anybody reads, and slow enough that a storm of callbacks costs the page nothing.
const pauseMs = 60

/**
 * Follows the simulator as server-sent events: whenever something changes, the fragments that are new or different as
 * HTML, and as `gone` the ids of those that are no more; each minute, as `clock`, the time in Nairobi.
 */
export function follow({ world, subscribe }: Omit<Stage, 'reset'>, fragmentsNow: () => Fragment[]): Response {
  const encoder = new TextEncoder()
  let sent = new Map<string, string>()
  let paced: Promise<unknown> = Promise.resolve()
  let clockIsDue = true
  let change = Promise.withResolvers<void>()
  change.resolve()

  const unsubscribe = subscribe(() => change.resolve())
  let stopClock = () => {}
  const startClock = () => {
    stopClock = world.clock.after(minuteMs - (world.clock.now().getTime() % minuteMs), () => {
      clockIsDue = true
      change.resolve()
      startClock()
    })
  }
  startClock()

  async function news(): Promise<string> {
    const fragments = fragmentsNow()
    const different = fragments.filter(({ id, version }) => sent.get(id) !== version)
    const next = new Map(fragments.map(({ id, version }) => [id, version]))
    const gone = [...sent.keys()].filter((id) => !next.has(id))
    sent = next
    const clock = clockIsDue ? event('clock', JSON.stringify(timeOf(world))) : ''
    clockIsDue = false
    const markup = String(await html`${different.map(({ render }) => render())}`)
    return clock + (markup && event('message', markup)) + (gone.length > 0 ? event('gone', JSON.stringify(gone)) : '')
  }

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        await change.promise
        await paced
        change = Promise.withResolvers()
        const text = await news()
        if (text === '') continue
        paced = pause(pauseMs)
        return controller.enqueue(encoder.encode(text))
      }
    },
    cancel() {
      unsubscribe()
      stopClock()
    },
  })
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' } })
}

/** A short name for what a fragment shows: the same for the same, on every connection. */
export const versionOf = (shown: unknown): string =>
  createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 12)

const event = (name: string, data: string) => `event: ${name}\ndata: ${data.replaceAll('\n', '\ndata: ')}\n\n`

function timeOf({ clock }: World) {
  const now = clock.now()
  return { now: now.getTime(), time: hourAndMinute(now), day: dayInWords(now) }
}
