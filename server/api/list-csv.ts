import { z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { accepts } from 'hono/accepts'
import type { ApiEnvironment } from './create-routes.ts'
import { csvRow } from './csv.ts'

/** A column of a list: its name, and the way to it in a row. What stands in an object of the row is named with a dot. */
type Column = { name: string; path: string[] }

/** A list of the API, by its path. */
type List = { path: RegExp; columns: Column[] }

type Page = { data: Record<string, unknown>[]; meta: { next_cursor: string | null } }

/** As many as any list gives at once. */
const pageSize = 100

/**
 * Answers every list as a CSV to whoever accepts that: the same rows that JSON shows, as filtered, all pages of them. One page at
 * a time is asked for, read and sent, when the one before has gone, so that a list of any length takes the memory of a page. What
 * breaks midway breaks the connection off: half a list never looks whole.
 * @param ask answers a request for a page, as JSON
 * @param api has the routes, whose schemas name the columns
 */
export function listCsv(
  ask: (request: Request, env: unknown) => Response | Promise<Response>,
  api: OpenAPIHono<ApiEnvironment>,
): MiddlewareHandler {
  let lists: List[] | undefined
  return async (c, next) => {
    if (c.req.method !== 'GET' || !wantsCsv(c)) return next()
    lists ??= listsOf(api)
    const list = lists.find(({ path }) => path.test(c.req.path))
    if (!list) return next()
    const askPage = (cursor?: string) => ask(pageRequest(c.req.raw, cursor), c.env)
    const first = await askPage()
    if (!first.ok) return first
    const name = c.req.path.split('/').at(-1)
    c.header('Content-Type', 'text/csv; charset=utf-8; header=present')
    c.header('Content-Disposition', `attachment; filename="${name}.csv"`)
    return c.body(streamOf(list.columns, first, askPage))
  }
}

function wantsCsv(c: HonoContext): boolean {
  const supports = ['application/json', 'text/csv']
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/csv'
}

/** The request for a page of the list that was asked for: the first, or the one that begins behind a cursor. */
function pageRequest({ url, headers, signal }: Request, cursor?: string): Request {
  const page = new URL(url)
  page.searchParams.set('limit', String(pageSize))
  if (cursor !== undefined) page.searchParams.set('cursor', cursor)
  const asJson = new Headers(headers)
  asJson.set('Accept', 'application/json')
  return new Request(page, { headers: asJson, signal })
}

function streamOf(
  columns: Column[],
  first: Response,
  askPage: (cursor: string) => Response | Promise<Response>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let page: Response | undefined = first
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(csvRow(columns.map(({ name }) => name)))),
      async pull(controller) {
        if (!page?.ok) throw new Error('A page of the list could not be read.')
        const { data, meta } = (await page.json()) as Page
        const rows = data.map((row) => csvRow(columns.map(({ path }) => valueAt(row, path))))
        if (rows.length > 0) controller.enqueue(encoder.encode(rows.join('')))
        if (meta.next_cursor === null) return controller.close()
        page = await askPage(meta.next_cursor)
      },
    },
    // Nothing is asked for before somebody reads.
    { highWaterMark: 0 },
  )
}

function valueAt(row: Record<string, unknown>, path: string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | null)?.[name], row)
}

/** The lists among the routes: what answers a page of rows. */
function listsOf(api: OpenAPIHono<ApiEnvironment>): List[] {
  return api.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route' || definition.route.method !== 'get') return []
    const { path, responses } = definition.route
    const { content } = (responses[200] ?? {}) as { content?: Record<string, { schema?: unknown }> }
    const answer = content?.['application/json']?.schema
    const rows = answer instanceof z.ZodObject && 'meta' in answer.shape ? answer.shape['data'] : undefined
    const isPage = rows instanceof z.ZodArray && content?.['text/csv'] !== undefined
    return isPage
      ? [{ path: new RegExp(`/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`), columns: columnsOf(rows.element) }]
      : []
  })
}

function columnsOf(schema: unknown, path: string[] = []): Column[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return columnsOf(schema.unwrap(), path)
  if (!(schema instanceof z.ZodObject)) return [{ name: path.join('.'), path }]
  return Object.entries(schema.shape).flatMap(([name, member]) => columnsOf(member, [...path, name]))
}
