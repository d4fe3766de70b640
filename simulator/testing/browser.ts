import type { Simulator } from '../simulator.ts'

/** Posts a form as a browser does, and does not follow where it leads. */
export const submit = (simulator: Simulator, path: string, fields: Record<string, string> = {}) =>
  simulator.fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

export const textOf = async (simulator: Simulator, path: string) => (await simulator.fetch(path)).text()

/** Follows a page's changes: each `next()` is what the page is told at once, by the names of the events. */
export async function listen(simulator: Simulator, path: string) {
  const response = await simulator.fetch(path)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  return {
    type: response.headers.get('content-type'),
    async next(): Promise<Record<string, string>> {
      const { value } = await reader.read()
      const events = new TextDecoder().decode(value).split('\n\n').filter(Boolean)
      return Object.fromEntries(
        events.map((event) => {
          const [name = '', ...data] = event.split('\n')
          return [name.replace('event: ', ''), data.map((line) => line.replace('data: ', '')).join('\n')]
        }),
      )
    },
    stop: () => reader.cancel(),
  }
}
