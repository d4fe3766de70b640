import type { ApiName } from './api-names.ts'
import { connectionCut } from './connection-cut.ts'
import { namesOf } from './faults.ts'
import type { Struck } from './faults.ts'
import { readBody } from './log.ts'
import { logEntry } from './log-entry.ts'
import type { LogEntry } from './log.ts'
import type { World } from './world.ts'

/** A request that has come in, the faults that strike it, and its line in the log. */
export type Arrival = {
  api: ApiName | null
  method: string
  url: URL
  headers: Headers
  text: string
  msisdn: string | null
  struck: Struck
  entry: LogEntry
}

/** What a request is answered, to the byte. */
export type Answered = {
  status: number
  /** The empty text goes out without a content type. */
  text: string
  contentType: string
  headers?: Record<string, string>
  /** Settles when the request's callback has been answered. The fault `early_callback` waits for it. */
  callback?: Promise<unknown>
}

const pageInPlace: Answered = {
  status: 200,
  text: '<!DOCTYPE html><html><head><title>Please wait</title></head><body>The service will be back shortly.</body></html>',
  contentType: 'text/html',
}

/**
 * Takes a request in: writes it down, lets the faults strike that every API knows, and writes down what was answered.
 * Rejects, as a broken connection makes `fetch` reject, under the faults `cut` and `drop_response`.
 */
export async function takeIn(
  world: World,
  come: Omit<Arrival, 'entry'>,
  answer: (arrival: Arrival) => Answered | Promise<Answered>,
): Promise<Response> {
  const { api, method, url, text, msisdn, struck } = come
  const entry = logEntry(world, {
    direction: 'in',
    api,
    method,
    url: url.pathname + url.search,
    msisdn,
    shortcode: null,
    fault: namesOf(struck),
    text,
  })
  try {
    if (struck.has('cut')) throw connectionCut()
    const answered = await answer({ ...come, entry })
    if (struck.has('early_callback') && answered.callback) await world.work.pause(answered.callback)
    if (struck.has('drop_response')) throw connectionCut()
    return write(world, entry, struck.has('html_200') ? pageInPlace : answered)
  } catch (error) {
    entry.state = 'failed'
    world.changed('log')
    throw error
  }
}

function write(world: World, entry: LogEntry, { status, text, contentType, headers }: Answered): Response {
  Object.assign(entry, { status, answer: readBody(text), state: 'done' })
  world.changed('log')
  if (text === '') return new Response(null, { status, headers: headers ?? {} })
  return new Response(text, { status, headers: { 'Content-Type': contentType, ...headers } })
}
