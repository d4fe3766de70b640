import type { MiddlewareHandler } from 'hono'
import { Problem } from '../problem.ts'
import { outOfBounds, refuseUnstorable, unstorable } from '../json-bounds.ts'

const valuesMaxLarge = 20_000
const isJson = /^application\/(?:[\w.-]+\+)?json\b/i

/**
 * Looks at a request before its route reads it. What cannot be stored, or costs too much to read, is refused; an empty body is
 * the same as none, whatever type it says it has, and so is an empty filter. At the one path `except` no JSON is read; at `large` one
 * that holds many objects is.
 */
export function readRequest({ except, large }: { except: string; large: string }): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.url.includes('%00')) throw unstorable()
    const isRead = isJson.test(c.req.header('Content-Type') ?? '') && c.req.path !== except
    const isEmpty = isRead
      ? looksEmpty(await c.req.text(), c.req.path === large ? valuesMaxLarge : undefined)
      : c.req.header('Content-Length') === '0'
    if (isEmpty) c.req.raw = withoutBody(c.req.raw)
    if (c.req.method === 'GET') c.req.raw = withoutEmptyFilters(c.req.raw)
    await next()
  }
}

/** False for a body of JSON that may be read. @throws a Problem for one that may not. */
function looksEmpty(text: string, valuesMax?: number): boolean {
  const why = outOfBounds(text, valuesMax)
  if (why) throw new Problem('invalid_request', `The body ${why}. Send less.`)
  refuseUnstorable(text)
  return text.trim() === ''
}

function withoutBody({ url, method, headers, signal }: Request): Request {
  const others = new Headers(headers)
  others.delete('Content-Type')
  return new Request(url, { method, headers: others, signal })
}

/** A form sends its fields also when they are empty. But an empty cursor is no page of any list. */
function withoutEmptyFilters(request: Request): Request {
  const [path, query] = split(request.url, '?')
  const parameters = query.split('&')
  const given = parameters.filter((parameter) => /=./.test(parameter) || /^cursor\b/.test(parameter))
  if (query === '' || given.length === parameters.length) return request
  const { method, headers, signal } = request
  return new Request(`${path}?${given.join('&')}`, { method, headers, signal })
}

function split(text: string, at: string): [before: string, after: string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
