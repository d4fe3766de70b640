import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../context.ts'
import type { Html } from '../web/html.ts'

const field = 'csrf'
const header = 'X-CSRF-Token'

/** What a form must say to be ours: derived from what only the browser and we know, and telling nothing of it. */
export function csrfTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('form').digest('base64url')
}

/** The hidden field of a form that says so. */
export function csrfInput(csrf_token: string): Html {
  return html`<input type="hidden" name="${field}" value="${csrf_token}" />`
}

/** True for a form that one of our own pages has sent: it knows the token, and no other site says that it comes from there. */
export async function isOwnForm(c: HonoContext, context: Context, csrf_token: string): Promise<boolean> {
  if (!isFromHere(c, context)) return false
  const said = c.req.header(header) ?? (await fieldsOf(c))[field] ?? ''
  const [given, expected] = [Buffer.from(said), Buffer.from(csrf_token)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** What was typed into the fields of a form, by their names; files and what came twice are left out. */
export async function fieldsOf(c: HonoContext): Promise<Record<string, string>> {
  const form = await c.req.parseBody().catch(() => ({}))
  return Object.fromEntries(
    Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

/** True for a form that brings a file. */
export async function hasFile(c: HonoContext): Promise<boolean> {
  const form = await c.req.parseBody().catch(() => ({}))
  return Object.values(form).some((value) => value instanceof File)
}

// Browsers tell by the one header whether it is the same site, where they trust the connection; old ones tell the site.
function isFromHere(c: HonoContext, { config }: Context): boolean {
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = c.req.header('Origin')
  return origin === undefined || origin === new URL(config.publicUrl).origin
}
