import type { Answered } from '../arrival.ts'

export const json = (status: number, value: unknown, callback?: Promise<unknown>): Answered => ({
  status,
  text: JSON.stringify(value),
  contentType: 'application/json; charset=utf-8',
  ...(callback && { callback }),
})

/** The envelope of most refusals. */
export const refuse = (status: number, message: string): Answered => json(status, { status, message })

/** The other one. */
export const fail = (status: number, error: string): Answered => json(status, { error })

/** What a request gets whose fields are not understood: itself, as Elixir prints a map. */
export function invalidFields(fields: Record<string, string>): Answered {
  const known = Object.entries({ ...fields, payment_gateway_id: '1' })
  const pairs = known.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `"${name}" => "${value}"`)
  return fail(422, `invalid params on parsing %{${pairs.join(', ')}}`)
}

export const notFound = (): Answered => fail(404, 'Not Found')

/** The page of the server before Pesaflow's, when that is away. */
export const unavailablePage = (): Answered => ({
  status: 503,
  text: '<html>\n<head><title>503 Service Temporarily Unavailable</title></head>\n<body><center><h1>503 Service Temporarily Unavailable</h1></center></body>\n</html>\n',
  contentType: 'text/html',
})
