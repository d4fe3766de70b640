import { findRunning } from '../home.ts'
import { loadKnownSettings } from '../settings.ts'

/** Where the simulator of this installation is, unless it is given. */
export function simulatorUrl(given: string | undefined): string {
  const settings = loadKnownSettings()
  const running = findRunning(settings)?.simulator_url
  return given ?? settings.SIMULATOR_URL ?? running ?? `http://localhost:${settings.SIMULATOR_PORT}`
}

/** What a request to it failed by, and what a payment from the menu was refused by, or its receipt. */
type Answer = { error?: string; reason?: string; receipt?: string }

/** Asks something of the simulator's control API. @throws a sentence when it is not there, or refuses. */
export async function control(url: string, path: string, body: object, method = 'POST'): Promise<{ receipt?: string }> {
  const response = await fetch(`${url}/_${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error(`The simulator does not answer at ${url}. Give --simulator with its address.`)
  })
  const answer = (await response.json().catch(() => ({}))) as Answer
  const refusal = answer.error ?? answer.reason
  if (response.ok && !refusal) return answer
  throw new Error(`The simulator refused: ${refusal ?? response.status}`)
}
