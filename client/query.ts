/** What a request asks for behind the question mark; what is undefined is left out. */
export type Query = Record<string, string | number | boolean | Date | undefined>

export function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value instanceof Date ? value.toISOString() : String(value)]],
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}
