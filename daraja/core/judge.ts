import { describeError } from '../error-codes.ts'
import type { Answer, Reply } from './exchange.ts'
import { asObject, asText } from './json.ts'
import type { JsonObject } from './json.ts'
import type { Outcome, Refused, Unknown } from './outcome.ts'

/** What a refusing or failing body says, in whichever of Safaricom's envelopes. */
export type ErrorWords = { code: string | undefined; message: string | undefined }

/** How one API reads the bodies of its answers. */
export type Reading<Accepted> = {
  /** Reads the body of a 200. `undefined` for one that does not prove acceptance. */
  accepted: (json: JsonObject) => Accepted | undefined
  /** Reads a refusal that this API words in a way of its own. Never for an API that moves money. */
  refused?: (json: JsonObject, status: number) => ErrorWords | undefined
}

/**
 * Decides what a reply proves. Accepted is only a 200 that the API's own reading accepts. Refused is any 4xx but 408,
 * whatever its body, and a 5xx with one of the few codes that Safaricom gives before anything is carried out.
 * All else is unknown: other 5xx, HTML with status 200, a 200 that carries an `errorCode`.
 */
export function judge<Accepted>(reply: Reply, reading: Reading<Accepted>): Outcome<Accepted> {
  if (reply.kind !== 'answer') return reply
  const { status, raw, json } = reply
  const accepted = status === 200 && json ? reading.accepted(json) : undefined
  if (accepted) return { ...accepted, kind: 'accepted', raw }
  const ownRefusal = json && reading.refused?.(json, status)
  if (ownRefusal) return refusedWith(reply, ownRefusal)
  return provesRefusal(reply) ? refusedWith(reply, readError(json)) : unknownFrom(reply)
}

/** A refusal in Safaricom's words, with our advice. */
export function refusedWith({ status, raw }: Answer, words: ErrorWords): Refused {
  const code = words.code ?? `http_${status}`
  // Some refusals of a token repeat it; what is shown and logged must not.
  const message = (words.message ?? nameBody(status, raw)).replace(/(Access Token - )\w{20,}/, '$1[token]')
  return { kind: 'refused', status, code, message, advice: describeError(code, message)?.advice, raw }
}

/** Whether an answer proves that nothing was carried out. */
export function provesRefusal({ status, json }: Answer): boolean {
  if (status >= 400 && status < 500) return status !== 408
  const { code, message } = readError(json)
  return status >= 500 && code !== undefined && describeError(code, message)?.provesRefusal === true
}

/** Finds code and message in Safaricom's envelope, `{requestId, errorCode, errorMessage}`, or in Apigee's, `{fault}`. */
export function readError(json: JsonObject | undefined): ErrorWords {
  const fault = asObject(json?.['fault'])
  return {
    code: asText(json?.['errorCode']) ?? asText(asObject(fault?.['detail'])?.['errorcode']),
    message: asText(json?.['errorMessage']) ?? asText(fault?.['faultstring']),
  }
}

/** Whether `ResponseCode` says yes: `0`, in some replies of C2B `00000000`. */
export function isZero(value: unknown): boolean {
  return /^0+$/.test(asText(value) ?? '')
}

function unknownFrom({ status, raw, json }: Answer): Unknown {
  const { code, message } = readError(json)
  const words = [code, message].filter((word) => word !== undefined).join(': ') || nameBody(status, raw)
  const cause = status >= 500 ? 'server_error' : json ? 'not_accepted' : 'unreadable'
  return { kind: 'unknown', cause, message: words, status, raw }
}

function nameBody(status: number, raw: string): string {
  const body = raw.trim()
  if (body === '') return `HTTP ${status} with an empty body`
  if (body.startsWith('<')) return `HTTP ${status} with an HTML page`
  return `HTTP ${status}: ${body.slice(0, 200)}`
}
