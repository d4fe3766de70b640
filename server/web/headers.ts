import type { Context, MiddlewareHandler } from 'hono'
import type { Asset } from './asset.ts'

/** What may stand in a page besides its own markup. */
export type Allowed = { styles: Asset[]; scripts: Asset[] }

/**
 * The headers of a page of the desk: kept nowhere, shown in no frame, and with no script and no style but our own files. Our own
 * server alone is told which page a request came from, for a form is taken from our pages only.
 */
const ofDesk = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
}

/** Gives an answer the headers of a page of the desk. */
export function asDeskPage(c: Context): void {
  for (const [name, value] of Object.entries(ofDesk)) c.header(name, value)
}

/** Gives them to the pages of a room. */
export const deskPage: MiddlewareHandler = async (c, next) => {
  await next()
  asDeskPage(c)
}

/** What one answer alone has: styles of its own, and the sites that may stand in a frame of it. */
export type OwnStyles = {
  own_styles?: Asset[]
  own_frames?: string[]
  /** True for an answer that may stand in a frame of ours. */
  is_framed?: boolean
}

/**
 * The headers of a page that is for one pair of eyes: kept nowhere, shown in no frame, telling no other site where the reader
 * came from; and with no script and no style but those of ours that are named.
 */
export function privatePage({ styles, scripts }: Allowed): MiddlewareHandler<{ Variables: OwnStyles }> {
  return async (c, next) => {
    await next()
    // A page that is another one's knows itself what it may: that nothing is here, for example.
    if (c.res.headers.has('Content-Security-Policy')) return
    const { own_styles = [], own_frames = [], is_framed = false } = c.var
    c.header(
      'Content-Security-Policy',
      policyOf({ styles: [...styles, ...own_styles], scripts, frames: own_frames, isFramed: is_framed }),
    )
    c.header('Cache-Control', 'no-store')
    c.header('Referrer-Policy', 'no-referrer')
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('X-Frame-Options', is_framed ? 'SAMEORIGIN' : 'DENY')
    c.header('X-Robots-Tag', 'noindex')
  }
}

function policyOf({ styles, scripts, frames, isFramed }: Allowed & { frames: string[]; isFramed: boolean }): string {
  return [
    "default-src 'none'",
    `style-src ${styles.map(({ source }) => source).join(' ')}`,
    `script-src ${scripts.map(({ source }) => source).join(' ')}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    ...(frames.length > 0 ? [`frame-src ${frames.join(' ')}`] : []),
    `frame-ancestors ${isFramed ? "'self'" : "'none'"}`,
  ].join('; ')
}
