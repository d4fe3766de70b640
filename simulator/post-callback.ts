import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import type { ApiName } from './api-names.ts'
import { namesOf } from './faults.ts'
import type { Struck } from './faults.ts'
import { hold, isAnyHeldForAnother, releaseReordered } from './hold.ts'
import { readBody } from './log.ts'
import type { LogEntry } from './log.ts'
import { logEntry } from './log-entry.ts'
import type { World } from './world.ts'

export type Callback = {
  api: ApiName
  url: string
  /** Null for a callback that is none of Safaricom's. */
  shortcode: string | null
  msisdn: string | null
  /** Posted as JSON, or as a form. */
  body: unknown
  /** The faults that struck the request it answers. */
  struck: Struck
}

const lateMs = 120_000
const reorderMsMax = 30_000
const answerMsMax = 30_000
const answerLengthMax = 10_000

/**
 * Posts a callback once, as Daraja does: no signature, no secret, and no second attempt whatever the answer. Faults
 * decide whether and when. Resolves when it has been answered, or never will be sent; never rejects.
 */
export async function postCallback(world: World, callback: Callback): Promise<void> {
  await postOnce(world, callback)
}

/** The same, for the one API that tries again: resolves with the log entry, whose `status` is null without an answer. */
export function postOnce(world: World, callback: Callback): Promise<LogEntry> {
  const { struck } = callback
  return world.work.track(async () => {
    const entry = outgoing(world, callback)
    if (struck.has('drop_callback') || !(await isItsTurn(world, entry, struck))) {
      drop(world, entry)
      return entry
    }
    await deliver(world, entry)
    const duplicate = struck.get('duplicate_callback')
    if (duplicate === undefined) return entry
    const second = outgoing(world, callback)
    const { delay_ms = 0 } = duplicate
    if (delay_ms > 0 && (await hold(world, second.id, delay_ms)) === 'drop') drop(world, second)
    else await deliver(world, second)
    return entry
  })
}

/** Posts a logged callback once more, now or later. Resolves when it has been answered or dropped. */
export function postAgain(world: World, original: LogEntry, delayMs: number): Promise<void> {
  return world.work.track(async () => {
    const { direction, api, method, url, msisdn, shortcode, text, contentType } = original
    const entry = logEntry(world, { direction, api, method, url, msisdn, shortcode, text, contentType, fault: null })
    if (delayMs > 0 && (await hold(world, entry.id, delayMs)) === 'drop') return drop(world, entry)
    await deliver(world, entry)
  })
}

/** Opens the log entry of a request that is about to go to a merchant. */
export const outgoing = (world: World, { api, url, msisdn, shortcode, body, struck }: Callback): LogEntry =>
  logEntry(world, {
    direction: 'out',
    api,
    method: 'POST',
    url,
    msisdn,
    shortcode,
    fault: namesOf(struck),
    ...(body instanceof URLSearchParams
      ? { text: String(body), contentType: 'application/x-www-form-urlencoded' }
      : { text: JSON.stringify(body) }),
  })

/** Sends it, and waits for the answer's text; null if none comes in time. */
export async function send(
  world: World,
  entry: LogEntry,
  timeoutMs: number,
  clock: Clock = world.clock,
): Promise<string | null> {
  const controller = new AbortController()
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(timeoutMs, () => {
    const reason = new Error(`No answer within ${timeoutMs / 1000} s.`)
    controller.abort(reason)
    reject(reason)
  })
  const asked = async () => {
    const { fetch, settings } = world
    const response = await fetch(entry.url, {
      method: entry.method,
      headers: {
        'Content-Type': entry.contentType,
        ...(entry.shortcode !== null && { Businessshortcode: entry.shortcode }),
        ...(settings.forwarded_for !== null && { 'X-Forwarded-For': settings.forwarded_for }),
      },
      body: entry.text,
      redirect: 'manual',
      signal: controller.signal,
    })
    const text = await response.text()
    Object.assign(entry, { status: response.status, answer: readBody(text.slice(0, answerLengthMax)), state: 'done' })
    return text
  }
  try {
    return await Promise.race([asked(), tooLate])
  } catch (error) {
    Object.assign(entry, { answer: explain(error), state: 'failed' })
    return null
  } finally {
    cancel()
    world.changed('log')
  }
}

async function deliver(world: World, entry: LogEntry): Promise<void> {
  // The receiver answers in the machine's time: a clock that is moved by hand would cut it short.
  await send(world, entry, answerMsMax, systemClock)
  releaseReordered(world)
}

/** Waits as long as the faults want. False if somebody dropped it meanwhile. */
async function isItsTurn(world: World, entry: LogEntry, struck: Struck): Promise<boolean> {
  const late = struck.get('late_callback')
  if (late !== undefined && (await hold(world, entry.id, late.delay_ms ?? lateMs)) === 'drop') return false
  const reorder = struck.get('reorder')
  // One waits and the next overtakes it; if all waited, none would come later.
  if (reorder === undefined || isAnyHeldForAnother(world)) return true
  return (await hold(world, entry.id, reorder.delay_ms ?? reorderMsMax, { untilAnother: true })) === 'send'
}

function drop(world: World, entry: LogEntry): void {
  entry.state = 'dropped'
  world.changed('log')
}

/** Why no answer came: the cause says more than fetch's own "fetch failed". */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
