import type { Struck } from '../faults.ts'
import { isObject } from '../is-object.ts'
import type { World } from '../world.ts'
import type { DarajaApiName } from './api-names.ts'
import type { Family } from './family.ts'
import { readFields } from './fields.ts'
import type { Fields, Values } from './fields.ts'
import { invalid, unreadable } from './reply.ts'
import type { Reply } from './reply.ts'

/** A request that has passed the gateway: its token is good and its body is JSON. */
export type DarajaRequest = {
  url: URL
  headers: Headers
  /** Null where there was none, or where the content type hid it from the gateway. */
  body: unknown
  /** The faults that strike this request; those of callbacks go on to `postCallback`. */
  struck: Struck
  /** Notes in the log what was let pass: `taken('…')`. */
  warn: (sentence: string) => void
}

/** One path of Daraja. Each file in `daraja/` exports one or more, and `daraja/apis.ts` lists them. */
export type Api = {
  name: DarajaApiName
  method: 'GET' | 'POST'
  path: string
  /** How tokens and verbs are refused; null for OAuth, which takes no token. */
  family: Family | null
  /** The phone that a request concerns, for fault rules; otherwise guessed from the usual fields. */
  concerns?(world: World, body: Record<string, unknown>): string | null
  answer(world: World, request: DarajaRequest): Reply | Promise<Reply>
}

/** An API whose body is an object of fields: they are read, or refused, before `answer` sees them. */
export function api<F extends Fields>(
  definition: Omit<Api, 'answer' | 'method'> & {
    method?: Api['method']
    fields: F
    answer: (world: World, values: Values<F>, request: DarajaRequest) => Reply | Promise<Reply>
  },
): Api {
  const { fields, answer, method = 'POST', ...rest } = definition
  return {
    ...rest,
    method,
    answer(world, request) {
      const body = request.body ?? {}
      if (!isObject(body)) return unreadable()
      const read = readFields(body, fields)
      if ('bad' in read) return invalid(read.bad, read.why)
      read.notes.forEach(request.warn)
      return answer(world, read.values, request)
    },
  }
}
