import type { Context } from '../../context.ts'

const patienceMs = 3_000

/**
 * Whether eCitizen's page may stand in a frame of ours, as it says itself: in production it sends `X-Frame-Options: DENY`. A browser
 * would not tell us, for it shows an empty frame in silence. False where the page does not answer in time.
 */
export async function mayFrame({ fetch, config }: Context, page: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(patienceMs)
    const { ok, headers, body } = await fetch(page, { headers: { Accept: 'text/html' }, redirect: 'manual', signal })
    await body?.cancel()
    return ok && isFramed(headers, config.publicUrl)
  } catch {
    return false
  }
}

function isFramed(headers: Headers, publicUrl: string): boolean {
  const { origin, host } = new URL(publicUrl)
  const [, ancestors] = /(?:^|[;,])\s*frame-ancestors([^;,]*)/i.exec(headers.get('Content-Security-Policy') ?? '') ?? []
  // Where both are sent, browsers go by the policy.
  if (ancestors === undefined) return !headers.has('X-Frame-Options')
  return ancestors.split(/\s+/).some((source) => ['*', origin, host].includes(source.toLowerCase()))
}
