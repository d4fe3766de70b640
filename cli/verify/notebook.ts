import { isDeepStrictEqual } from 'node:util'
import { redact } from './redact.ts'

/** One request with its answer, secrets taken out; `times` where the same was asked until something changed. */
export type Exchange = { asked: string; sent: string; status: number; answered: string; times: number }

/** Something that must be true, and what was seen. */
export type Check = { claim: string; holds: boolean; saw: string }

/** One thing that is tried. `missing` says what it would have needed, where it was not tried. */
export type Case = { name: string; checks: Check[]; exchanges: Exchange[]; missing?: string }

/** Several cases about one side of a provider. */
export type Suite = { provider: 'mpesa' | 'pesaflow'; name: string; cases: Case[] }

/** What a case is written down with. */
export type Notes = {
  /** The network; what goes over it is evidence. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Writes down what must be true: equal to `expected`, or, where that is a pattern, like it. */
  that(claim: string, saw: unknown, expected: unknown): void
}

/** Why a case cannot be tried here: no failure, and no success. */
export class Missing extends Error {}

/** Tries one case, and writes down whatever comes of it. `secrets` are never written down. */
export async function tryCase(name: string, secrets: string[], plot: (notes: Notes) => Promise<void>): Promise<Case> {
  const found: Case = { name, checks: [], exchanges: [] }
  const that: Notes['that'] = (claim, saw, expected) => {
    const holds = expected instanceof RegExp ? expected.test(String(saw)) : isDeepStrictEqual(saw, expected)
    const wanted = expected instanceof RegExp ? String(expected) : show(expected)
    found.checks.push({ claim, holds, saw: redact(holds ? show(saw) : `${show(saw)}, not ${wanted}`, secrets) })
  }
  try {
    await plot({ fetch: remembering(found.exchanges, secrets), that })
  } catch (error) {
    const message = redact(error instanceof Error ? error.message : String(error), secrets)
    if (error instanceof Missing) return { ...found, missing: message }
    found.checks.push({ claim: 'It is carried through', holds: false, saw: message })
  }
  return found
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}

function remembering(exchanges: Exchange[], secrets: string[]): Notes['fetch'] {
  let lastKey: string | null = null
  return async (input, init) => {
    const request = new Request(input, init)
    const key = request.headers.get('X-API-Key')
    const sent = redact(await request.clone().text(), secrets)
    const response = await fetch(request)
    const answered = redact(await response.clone().text(), secrets)
    const asked = redact(`${request.method} ${request.url}`, secrets)
    const last = exchanges.at(-1)
    const isAgain = last !== undefined && last.asked === asked && last.sent === sent && key === lastKey
    lastKey = key
    if (isAgain) Object.assign(last, { status: response.status, answered, times: last.times + 1 })
    else exchanges.push({ asked, sent, status: response.status, answered, times: 1 })
    return response
  }
}
