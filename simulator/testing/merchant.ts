import { manualClock } from '../clock.ts'
import { createSimulator } from '../simulator.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'

type Json = Record<string, unknown>

/** 8:15:05 PM in Nairobi. */
export const startTime = '2026-11-20T17:15:05.000Z'

/** A simulator whose callbacks arrive here, for the tests of this package. */
export function merchant(options: SimulatorOptions = {}) {
  const clock = manualClock(startTime)
  const requests: { url: string; headers: Headers; text: string }[] = []
  let status = 200
  let handle = (_body: Json): Promise<Response> | Response =>
    Response.json({ ResultCode: 0, ResultDesc: 'Accepted' }, { status })
  const simulator = createSimulator({
    clock,
    async fetch(input, init) {
      const request = new Request(input, init)
      const text = await request.text()
      requests.push({ url: request.url, headers: request.headers, text })
      return handle(JSON.parse(text) as Json)
    },
    ...options,
  })
  const bodies = () => requests.map(({ text }) => JSON.parse(text) as Json)
  return {
    simulator,
    clock,
    requests,
    callbacks: bodies,
    codes: () => bodies().map((body) => (body.Body as { stkCallback: Json }).stkCallback.ResultCode),
    respond: (next: number) => void (status = next),
    handle: (next: typeof handle) => void (handle = next),
  }
}

/** Puts to the control API. */
export const put = (simulator: Simulator, path: string, body: unknown) =>
  simulator.fetch(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
