import type { Context } from 'hono'

/** What a form sent, as texts. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  const form = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(form).filter((field): field is [string, string] => typeof field[1] === 'string'),
  )
}
