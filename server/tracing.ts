import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Attributes, Context as Trace, Link, Span } from '@opentelemetry/api'

/**
 * What OpenTelemetry is told, if an SDK of it was loaded; else all of this does nothing. Only what cannot name a payer or open a door
 * is told: the route of a request and not its path, which may be the token itself; of an error its kind and not its words; of a
 * statement what it does to which tables.
 */
const tracer = trace.getTracer('lango')

type Told = { kind?: SpanKind; attributes?: Attributes; links?: Link[] }

/** Does work within a span. Its parent is what is under way, unless another is given. */
function inSpan<Result>(name: string, told: Told, work: (span: Span) => Promise<Result>, parent = context.active()) {
  return tracer.startActiveSpan(name, told, parent, async (span) => {
    try {
      return await work(span)
    } catch (error) {
      fail(span, error instanceof Error ? error.name : typeof error)
      throw error
    } finally {
      span.end()
    }
  })
}

function fail(span: Span, kind: string): void {
  span.setAttribute('error.type', kind).setStatus({ code: SpanStatusCode.ERROR })
}

function tellStatus(span: Span, status: number, { failsFrom }: { failsFrom: number }): void {
  span.setAttribute('http.response.status_code', status)
  if (status >= failsFrom) fail(span, String(status))
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])

/** What is known of a request once it is answered. */
type Answered = { status: number; route?: string | undefined; requestId?: string }

/** Answers a request within a span of it, which goes on the trace of whoever sent it. */
export function tracedRequest<Result>(
  method: string,
  header: (name: string) => string | undefined,
  answer: (tell: (answered: Answered) => void) => Promise<Result>,
): Promise<Result> {
  const known = methods.has(method) ? method : '_OTHER'
  const name = known === '_OTHER' ? 'HTTP' : known
  const sender = propagation.extract(ROOT_CONTEXT, header, headerGetter)
  const told = { kind: SpanKind.SERVER, attributes: { 'http.request.method': known } }
  const work = (span: Span) =>
    answer(({ status, route, requestId }) => {
      if (!span.isRecording()) return
      if (route) span.updateName(`${name} ${route}`).setAttribute('http.route', route)
      if (requestId) span.setAttribute('lango.request.id', requestId)
      tellStatus(span, status, { failsFrom: 500 })
    })
  return inSpan(name, told, work, sender)
}

const headerGetter = {
  keys: () => ['traceparent', 'tracestate'],
  get: (header: (name: string) => string | undefined, name: string) => header(name),
}

/** A `fetch` that tells of each request to a provider. The trace is not passed on to it. */
export function tracedFetch(ask: typeof fetch): typeof fetch {
  return (input, init) => {
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
    return inSpan(method, { kind: SpanKind.CLIENT, attributes: { 'http.request.method': method } }, async (span) => {
      if (span.isRecording()) {
        // What stands behind the path names accounts and proves who asks.
        const { host, hostname, port, protocol, pathname } = new URL(input instanceof Request ? input.url : input)
        const url = `${protocol}//${host}${pathname}`
        span.setAttributes({ 'server.address': hostname, 'server.port': portOf(port, protocol), 'url.full': url })
        span.updateName(`${method} ${pathname}`)
      }
      const response = await ask(input, init)
      tellStatus(span, response.status, { failsFrom: 400 })
      return response
    })
  }
}

function portOf(port: string, protocol: string): number {
  return port ? Number(port) : protocol === 'https:' ? 443 : 80
}

/** One attempt to deliver an event. */
type Attempted = { delivery: string; event: string; type: string; attempt: number; url: string }

/**
 * Makes an attempt within a span of it, with the headers by which the endpoint can go on the trace, and tells the status that `post`
 * answered: null where there was none. Of the address only the host is told, for the rest may be a secret.
 */
export function tracedAttempt<Result extends { status: number | null }>(
  { delivery, event, type, attempt, url }: Attempted,
  post: (headers: Record<string, string>) => Promise<Result>,
): Promise<Result> {
  const { hostname, port, protocol } = new URL(url)
  const attributes = {
    'http.request.method': 'POST',
    'server.address': hostname,
    'server.port': portOf(port, protocol),
    'lango.delivery.id': delivery,
    'lango.event.id': event,
    'lango.event.type': type,
    'lango.delivery.attempt': attempt,
  }
  return inSpan(
    'deliver',
    { kind: SpanKind.CLIENT, attributes },
    async (span) => {
      const headers: Record<string, string> = {}
      propagation.inject(context.active(), headers)
      const result = await post(headers)
      if (result.status === null) fail(span, 'unreachable')
      else tellStatus(span, result.status, { failsFrom: 300 })
      return result
    },
    ROOT_CONTEXT,
  )
}

/** What somebody asked of a batch, and the trace in which they did. */
export type Asked<Item> = { item: Item; trace: Trace }

export function asked<Item>(item: Item): Asked<Item> {
  return { item, trace: context.active() }
}

/** Runs a batch within a span: part of the trace of whoever is alone in it, and linked to those of all where there are several. */
export function tracedBatch<Item, Answer>(
  name: string,
  batch: Asked<Item>[],
  run: (items: Item[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  const parent = batch.length === 1 ? batch[0]!.trace : ROOT_CONTEXT
  const links = batch.length === 1 ? [] : batch.flatMap(({ trace: of }) => linkTo(of))
  const told = { attributes: { 'lango.batch.size': batch.length }, links }
  return inSpan(name, told, () => run(batch.map(({ item }) => item)), parent)
}

function linkTo(of: Trace): Link[] {
  const spanContext = trace.getSpanContext(of)
  return spanContext ? [{ context: spanContext }] : []
}

/** Runs a statement within a span, where it is part of something that is told. */
export function tracedStatement<Result>(text: string, run: () => Promise<Result>): Promise<Result> {
  if (!trace.getActiveSpan()?.isRecording()) return run()
  const summary = summaryOf(text)
  const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': summary }
  return inSpan(summary, { kind: SpanKind.CLIENT, attributes }, run)
}

const operations = /\b(?:(insert) into|(delete) from|(?<!for |do )(update)(?! set)|(select)\b[^;]*?\bfrom)\s+([a-z_]+)/g
const summaryLengthMax = 255

/** What a statement does to which tables, in the order in which it says so: `select payments insert evidence`. */
export function summaryOf(text: string): string {
  const said = [...text.matchAll(operations)].map((found) => `${found.slice(1, 5).find(Boolean)} ${found[5]}`)
  return [...new Set(said)].join(' ').slice(0, summaryLengthMax) || /\w+/.exec(text)?.[0] || 'statement'
}

/** The trace that is under way, for a line of the log. */
export function traceOfLine(): { trace_id?: string; span_id?: string } {
  const told = trace.getActiveSpan()?.spanContext()
  return told ? { trace_id: told.traceId, span_id: told.spanId } : {}
}
