import { createLango, LangoError } from '@lango/client'
import type { Lango, LangoOptions } from '@lango/client'
import { hint } from './hint.ts'
import { demoFile, findRunning, recallKey } from './home.ts'
import { loadKnownSettings } from './settings.ts'

/** How a command that works through the API is told where that is, and whose it is. */
export const clientOptions = {
  key: { takes: '<sk_…>', what: "the API key; else LANGO_KEY, else the demo merchant's" },
  url: { takes: '<http…>', what: 'where Lango is; else LANGO_URL, else the one that runs here' },
} as const

/** What was given of that, and how the client is to ask where it is not as usual. */
export type GivenClient = { key: string | undefined; url: string | undefined } & Partial<
  Omit<LangoOptions, 'key' | 'url'>
>

/** Which Lango is meant, and who asks. */
export type Address = { url: string; key: string }

/** Works through the API of the Lango that is meant, as a merchant's own program would. */
export async function withClient<Result>(
  { key: givenKey, url: givenUrl, ...options }: GivenClient,
  work: (lango: Lango, address: Address) => Promise<Result>,
): Promise<Result> {
  const settings = loadKnownSettings()
  const key = givenKey ?? (process.env['LANGO_KEY'] || recallKey(demoFile(settings))?.key)
  if (!key)
    throw new Error(`There is no demo key in ${settings.LANGO_HOME}. Run ${hint('start')} first, or give --key.`)
  const url =
    givenUrl ?? (process.env['LANGO_URL'] || findRunning(settings)?.url || `http://localhost:${settings.PORT}`)
  try {
    return await work(createLango({ retries: 2, ...options, url, key }), { url, key })
  } catch (error) {
    throw isSilence(error)
      ? new Error(`Lango does not answer at ${url}. Start it with ${hint('start')}, or give --url.`)
      : error
  }
}

/** True when nobody was there to be asked: then nothing was done. */
function isSilence(error: unknown): boolean {
  if (!(error instanceof LangoError) || error.code !== 'no_answer') return false
  const { cause } = (error.cause ?? {}) as { cause?: { code?: string } }
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(cause?.code ?? '')
}
