import { takeIn } from '../arrival.ts'
import type { Answered, Arrival } from '../arrival.ts'
import { drawFaults } from '../draw-faults.ts'
import type { Struck } from '../faults.ts'
import { isObject } from '../is-object.ts'
import { readBody } from '../log.ts'
import { readMsisdn } from '../msisdn.ts'
import type { World } from '../world.ts'
import type { Api, DarajaRequest } from './api.ts'
import { apis } from './apis.ts'
import { refused } from './judgements.ts'
import { firewallPage, methodNotAllowed, notFound, serverError, spikeArrest, unreadable } from './reply.ts'
import type { Reply } from './reply.ts'
import { bearerOf, expireToken, isTokenGood } from './tokens.ts'

const apisByPath = Map.groupBy(apis, ({ path }) => path)

/**
 * Answers a request as Daraja's gateway does. Rejects, as a broken connection makes `fetch` reject, under the faults
 * `cut` and `drop_response`.
 */
export function answerDaraja(world: World, request: Request): Promise<Response> {
  return world.work.track(async () => {
    const { method, headers } = request
    const url = new URL(request.url)
    const text = await request.text()
    const atPath = apisByPath.get(url.pathname)
    const api = atPath?.find((one) => one.method === method)
    const msisdn = whose(world, api, readBody(text))
    const struck: Struck = api === undefined ? new Map() : drawFaults(world, api.name, msisdn)
    const come = { api: (api ?? atPath?.[0])?.name ?? null, method, url, headers, text, msisdn, struck }
    return takeIn(world, come, async (arrival) => {
      const reply = api === undefined ? refuseRoute(atPath?.[0], method) : await carryOut(world, api, arrival)
      if (reply.why !== undefined) arrival.entry.warnings.push(reply.why)
      return written(world, reply)
    })
  })
}

/** The checks in the gateway's own order, and then the API. */
function carryOut(world: World, api: Api, { url, headers, text, struck, entry }: Arrival): Reply | Promise<Reply> {
  if (struck.has('html_503')) return firewallPage(`${world.random.integer(1e9)}-${world.random.integer(1e9)}`)
  if (struck.has('spike_arrest')) return spikeArrest()
  if (struck.has('http_500')) return serverError()
  if (api.family !== null) {
    const token = bearerOf(headers)
    if (token === undefined) return api.family.missingToken()
    if (struck.has('expire_token')) expireToken(world, token)
    if (!isTokenGood(world, token)) return api.family.invalidToken(token)
  }
  const { body } = entry
  // Under another content type the gateway does not see the body, and misses its first field.
  const seen = /\bjson\b/i.test(headers.get('content-type') ?? '')
  if (seen && typeof body === 'string') return unreadable()
  const request: DarajaRequest = {
    url,
    headers,
    body: seen ? body : null,
    struck,
    warn: (sentence) => void entry.warnings.push(sentence),
  }
  if (!seen && text !== '') request.warn(refused('contentType'))
  return api.answer(world, request)
}

function refuseRoute(known: Api | undefined, verb: string): Reply {
  if (known === undefined) return notFound()
  return known.family === null ? methodNotAllowed(verb) : known.family.wrongVerb(verb)
}

function written(world: World, { status, body, callback }: Reply): Answered {
  const json =
    body.kind === 'refusal'
      ? { requestId: world.ids.request(), errorCode: body.errorCode, errorMessage: body.errorMessage }
      : body.kind === 'json'
        ? body.value
        : null
  return {
    status,
    text: body.kind === 'html' ? body.text : json === null ? '' : JSON.stringify(json),
    contentType: body.kind === 'html' ? 'text/html' : 'application/json;charset=UTF-8',
    ...(callback && { callback }),
  }
}

/** The phone in a request, under any of the names that Daraja's APIs give it. */
function whose(world: World, api: Api | undefined, body: unknown): string | null {
  if (!isObject(body)) return null
  if (api?.concerns) return api.concerns(world, body)
  const named = [body.PhoneNumber, body.Msisdn, body.msisdn, body.customerNumber, body.PartyB, body.PartyA]
  return named.map(readMsisdn).find((msisdn) => msisdn !== undefined) ?? null
}
