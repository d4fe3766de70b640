import type { ApiName } from './api-names.ts'
import { presentLog } from './log.ts'
import type { Shown } from './log.ts'
import type { World } from './world.ts'

/** What a test expects of the log. */
export type Expectations = {
  /** The requests that came in, oldest first; of one API, if named. */
  asked(api?: ApiName): Shown[]
  /** The callbacks that were sent and answered, oldest first. */
  toldOf(api?: ApiName): Shown[]
  /**
   * That an API was asked, with at least these fields, exactly once or `times` times. `100` and `'100'` are the same, as
   * they are to Daraja. Throws with a list of what was asked instead.
   */
  expectAsked(api: ApiName, fields?: object, options?: { times?: number }): void
  /** That a callback with at least these fields was sent, exactly once or `times` times. */
  expectTold(api: ApiName, fields?: object, options?: { times?: number }): void
}

export function expectations(world: World): Expectations {
  const asked = (api?: ApiName) => entries(world, 'in', api)
  const toldOf = (api?: ApiName) => entries(world, 'out', api).filter(({ state }) => state === 'done')
  return {
    asked,
    toldOf,
    expectAsked: (api, fields = {}, { times = 1 } = {}) => expect(asked(api), fields, times, `${api} to be asked`),
    expectTold: (api, fields = {}, { times = 1 } = {}) => expect(toldOf(api), fields, times, `${api} to be told`),
  }
}

const entries = (world: World, direction: 'in' | 'out', api?: ApiName) =>
  presentLog(world.log).filter((entry) => entry.direction === direction && (api === undefined || entry.api === api))

function expect(found: Shown[], fields: object, times: number, what: string): void {
  const matching = found.filter(({ body }) => contains(body, fields))
  if (matching.length === times) return
  const seen = found.map(({ body }) => `  ${JSON.stringify(body)}`).join('\n') || '  nothing'
  throw new Error(
    `Expected ${what} ${times} times with ${JSON.stringify(fields)}, but it was ${matching.length} times. There was:\n${seen}`,
  )
}

/** Whether a body has these fields, at any depth; lists are compared item by item. */
function contains(body: unknown, fields: unknown): boolean {
  if (typeof fields !== 'object' || fields === null) return body === fields || String(body) === String(fields)
  if (typeof body !== 'object' || body === null) return false
  return Object.entries(fields).every(([key, value]) => contains((body as Record<string, unknown>)[key], value))
}
