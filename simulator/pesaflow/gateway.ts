import { takeIn } from '../arrival.ts'
import type { Answered, Arrival } from '../arrival.ts'
import { drawFaults } from '../draw-faults.ts'
import { isObject } from '../is-object.ts'
import { readBody } from '../log.ts'
import { readMsisdn } from '../msisdn.ts'
import type { World } from '../world.ts'
import type { PesaflowApi } from './api.ts'
import { findBillOf } from './bill.ts'
import { checkout } from './checkout.ts'
import { invoice } from './invoice.ts'
import { notFound, refuse, unavailablePage } from './reply.ts'
import { status } from './status.ts'
import { expireBearer, token } from './token.ts'

/** Every path of the simulated Pesaflow, but for the page to pay at. */
export const pesaflowApis: PesaflowApi[] = [token, checkout, invoice, status]

/** Answers a request as Pesaflow does, with the faults that Daraja has, too. */
export function answerPesaflow(world: World, request: Request): Promise<Response> {
  return world.work.track(async () => {
    const { method, headers } = request
    const url = new URL(request.url)
    const text = await request.text()
    const atPath = pesaflowApis.find(({ path }) => path === url.pathname)
    const api = atPath?.method === method ? atPath : undefined
    const fields = fieldsOf(url, headers, text)
    const msisdn = whose(world, fields)
    const struck = api === undefined ? new Map() : drawFaults(world, api.name, msisdn)
    const come = { api: atPath?.name ?? null, method, url, headers, text, msisdn, struck }
    return takeIn(world, come, (arrival) =>
      api === undefined ? notFound() : (failing(world, arrival) ?? api.answer(world, { url, headers, fields, struck })),
    )
  })
}

/** What the faults of a request answer in the place of the API. */
function failing(world: World, { api, headers, struck }: Arrival): Answered | undefined {
  if (struck.has('html_503')) return unavailablePage()
  if (struck.has('spike_arrest')) return refuse(429, 'Too Many Requests')
  if (struck.has('http_500')) return refuse(500, 'Internal Server Error')
  if (struck.has('expire_token') && api !== token.name) expireBearer(world, headers)
  return undefined
}

/** The fields of a request, from its query, its form or its JSON. What is nested stays JSON. */
function fieldsOf(url: URL, headers: Headers, text: string): Record<string, string> {
  if (text === '') return Object.fromEntries(url.searchParams)
  if (!/\bjson\b/i.test(headers.get('content-type') ?? '')) return Object.fromEntries(new URLSearchParams(text))
  const body = readBody(text)
  if (!isObject(body)) return {}
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  )
}

/** The phone that a request concerns, for the fault rules and the log. */
function whose(world: World, fields: Record<string, string>): string | null {
  const named = readMsisdn(fields.clientMSISDN) ?? readMsisdn(fields.msisdn)
  if (named !== undefined) return named
  const bill = findBillOf(world, fields.api_client_id ?? '', fields.ref_no ?? '')
  return bill?.payer.msisdn || null
}
