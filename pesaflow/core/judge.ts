import { findRefusal } from '../refusals.ts'
import type { Answer, Reply } from './exchange.ts'
import { asText } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Outcome, Refused, Unknown } from './outcome.ts'

/**
 * Decides what a reply proves. Accepted is only a 200 (or 201) that the API's own reading accepts. Refused is any 4xx but
 * 408, whatever its body. All else is unknown: 5xx, a redirect, HTML in place of JSON, a 200 without what it should name.
 */
export function judge<Accepted>(
  reply: Reply,
  readAccepted: (json: JsonObject) => Accepted | undefined,
): Outcome<Accepted> {
  if (reply.kind !== 'answer') return reply
  const { status, raw, json } = reply
  const accepted = (status === 200 || status === 201) && json ? readAccepted(json) : undefined
  if (accepted) return { ...accepted, kind: 'accepted', raw }
  return provesRefusal(reply) ? refusedWith(reply) : unknownFrom(reply)
}

/** A refusal in Pesaflow's words, with our code and advice. */
export function refusedWith({ status, raw, json }: Answer): Refused {
  const message = readMessage(json) ?? nameBody(status, raw)
  const known = findRefusal(status, message)
  return { kind: 'refused', status, code: known?.code ?? `http_${status}`, message, advice: known?.advice, raw }
}

/** What a refusing or failing body says, in either of the envelopes: `{status, message}` and `{error}`. */
export function readMessage(json: JsonObject | undefined): string | undefined {
  const message = asText(json?.['message']) ?? asText(json?.['error'])
  // What follows repeats the whole request, hash and payer included; what is shown and logged must not.
  return message?.replace(/\s*(on parsing\s*)?%\{.*$/s, '')
}

function provesRefusal({ status }: Answer): boolean {
  return status >= 400 && status < 500 && status !== 408
}

function unknownFrom({ status, raw, json }: Answer): Unknown {
  const cause = status >= 500 ? 'server_error' : json ? 'not_accepted' : 'unreadable'
  return { kind: 'unknown', cause, message: readMessage(json) ?? nameBody(status, raw), status, raw }
}

function nameBody(status: number, raw: string): string {
  const body = raw.trim()
  if (body === '') return `HTTP ${status} with an empty body`
  if (body.startsWith('<')) return `HTTP ${status} with an HTML page`
  return `HTTP ${status}: ${body.slice(0, 200)}`
}
