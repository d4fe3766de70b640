import type { Context as HonoContext } from 'hono'
import type { OwnStyles } from '../web/headers.ts'
import { chosenLanguage } from '../web/language.ts'

export type PageEnvironment = { Variables: { request_id: string } & OwnStyles }
export type PageContext = HonoContext<PageEnvironment>

/** The language that the address named, for the next address. */
export function chosen(c: PageContext): { lang?: string } {
  const lang = chosenLanguage(c)
  return lang ? { lang } : {}
}

/** The same as a query: `?lang=sw`, or nothing. */
export function queryOf(c: PageContext): string {
  const query = String(new URLSearchParams(chosen(c)))
  return query && `?${query}`
}

/** What was typed into the fields of a form, each empty where it is missing, broken or a file. */
export async function fieldsOf<Name extends string>(c: PageContext, names: Name[]): Promise<Record<Name, string>> {
  const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return Object.fromEntries(names.map((name) => [name, text(form[name])])) as Record<Name, string>
}
