import { hostname } from 'node:os'
import type { EventPattern, ListenedAttempt, WaitingDelivery, WebhookListener } from '@lango/client'
import { systemClock } from '@lango/server'
import { clientOptions, withClient } from '../client.ts'
import { command, UsageError } from '../command.ts'
import type { Answer } from '../command.ts'
import { interruption } from '../interruption.ts'
import { runSession } from '../listen/session.ts'
import type { Session } from '../listen/session.ts'
import { bad, faint, good, localClock, localTime, pending, strong } from '../paint.ts'

/** An event that happened longer ago than this is told with its time. */
const oldMs = 60_000
const shownResponseLength = 200

export const listen = command({
  summary: 'delivers events to an address on this machine, without a tunnel',
  about: `First comes what happened since the last time that this machine listened for this address, then what happens, and what is
sent again by hand. Events are signed as any webhook, by a secret that stays the same on this machine. They wait in Lango
until the address has taken them with a 2xx: whatever breaks down meanwhile, none is lost, and one may come twice. It runs
until it is interrupted.`,
  options: {
    'forward-to': { takes: '<http…>', what: 'where each event is posted', isNeeded: true },
    events: { takes: '<a,b>', what: "which events, such as 'payment.*,refund.completed'; without it, all" },
    since: { takes: '<time>', what: 'begins with all that happened since a day or a time, delivered or not' },
    machine: { takes: '<name>', what: 'names this machine, where its own name does not stay the same' },
    ...clientOptions,
  },
  json: 'a line for each attempt: {"event_id","event_type","delivery_id","attempt","status","error","duration_ms"}',
  examples: [
    'listen --forward-to http://localhost:3000/hook',
    "listen --forward-to http://localhost:3000/hook --events 'payment.*,refund.completed' --since 2026-11-25",
  ],
  async run({ options: { 'forward-to': forwardTo, events, since, machine = hostname(), key, url }, say, show }) {
    const stopping = new AbortController()
    const stopped = stopping.signal
    const interrupted = interruption().then(() => stopping.abort())
    const to = readAddress(forwardTo)
    // Whoever stops does not wait for what may happen, but for what was done to be reported.
    const fetch = (asked: string, init: RequestInit) =>
      globalThis.fetch(
        asked,
        init.method === 'GET' ? { ...init, signal: AbortSignal.any([init.signal!, stopped]) } : init,
      )
    await withClient({ key, url, retries: 0, timeoutMs: 30_000, fetch }, async (lango, { url: langoUrl }) => {
      const patterns = events?.split(',').map((pattern) => pattern.trim() as EventPattern)
      const listener = await lango.webhookListeners.set({ url: to, machine, events: patterns })
      say(`Events of ${langoUrl} go to ${strong(to)}`)
      say(`Their secret on this machine: ${listener.webhook_secret}`)
      const again = since && (await lango.deliveries.redeliverAll({ endpoint_id: listener.id, since, missed: true }))
      say(again ? `${count(again.redelivered)} since ${since}, which come first.` : whatComesFirst(listener))
      say(faint('Ready. Ctrl-C stops.'))
      await runSession({ lango, id: listener.id, url: to, stopped, tell: teller({ langoUrl, to, say, show }) })
      await interrupted
      say('Stopped. What happens from now on waits in Lango for the next time.')
    })
  },
})

function whatComesFirst({ is_new, waiting }: WebhookListener): string {
  if (is_new) return 'What happens from now on is told; what was before comes with --since.'
  return waiting === 0 ? 'Nothing was missed.' : `${count(waiting)} waited since the last time, and come first.`
}

const count = (events: number) => (events === 1 ? '1 event' : `${events} events`)

function readAddress(text: string): string {
  const written = /^https?:\/\//i.test(text) ? text : `http://${text}`
  if (URL.canParse(written)) return new URL(written).href
  throw new UsageError(`"${text}" is no address. Write it as --forward-to http://localhost:3000/hook`)
}

type Telling = { langoUrl: string; to: string; say(sentence: string): void; show(one: Answer): void }

function teller({ langoUrl, to, say, show }: Telling): Session['tell'] {
  return {
    attempt: (delivery, attempt, againInMs) =>
      show({ text: lineOf(delivery, attempt, againInMs), json: jsonOf(delivery, attempt) }),
    away: (reason) => say(pending(`${to} cannot be reached: ${reason}. Events wait in Lango, and it is tried again.`)),
    back: () => say(good(`${to} is there again.`)),
    langoAway: ({ message }) => say(pending(`${message} What happens meanwhile waits there. Trying again …`)),
    langoBack: () => say(good(`Lango at ${langoUrl} answers again.`)),
    unreported: ({ event_id }) => say(pending(`Lango could not be told of ${event_id}, so that it comes again.`)),
  }
}

function lineOf(delivery: WaitingDelivery, attempt: ListenedAttempt, againInMs: number | undefined): string {
  const { event_id, event_type, created_at } = delivery
  const { status, error, response, duration_ms } = attempt
  const now = systemClock.now()
  const isOld = now.getTime() - Date.parse(created_at) > oldMs
  const facts = [
    ...(attempt.attempt > 1 ? [`attempt ${attempt.attempt}`] : []),
    ...(isOld ? [`of ${localTime(created_at)}`] : []),
  ]
  const head = [faint(localClock(now.toISOString())), event_type.padEnd(18), event_id].join('  ')
  const tail = facts.length > 0 ? faint(`  (${facts.join(', ')})`) : ''
  if (!error) return `${head}  ${good(String(status))}  ${duration_ms} ms${tail}`
  const next = againInMs === undefined ? 'It was the last attempt.' : `Again in ${againInMs / 1000} s.`
  const said = response ? `\n          ${faint(response.slice(0, shownResponseLength).replaceAll(/\s+/g, ' '))}` : ''
  return `${head}  ${bad(`${error} ${next}`)}${tail}${said}`
}

function jsonOf({ event_id, event_type }: WaitingDelivery, attempt: ListenedAttempt): object {
  const { delivery_id, status, error = null, duration_ms } = attempt
  return { event_id, event_type, delivery_id, attempt: attempt.attempt, status, error, duration_ms }
}
