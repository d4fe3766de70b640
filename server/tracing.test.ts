import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { scene } from '../testing/scene.ts'
import { listenForSpans } from '../testing/spans.ts'
import type { Spans } from '../testing/spans.ts'
import { story } from '../testing/story.ts'
import { sql } from './database/sql.ts'
import { createLog } from './log.ts'
import { asked, summaryOf, tracedBatch, tracedRequest } from './tracing.ts'
import { deliverDue } from './webhooks/deliver.ts'

let spans: Spans
before(() => {
  spans = listenForSpans()
})

const named = (name: string) => spans.told().filter((span) => span.name === name)
const traceOf = (span: ReadableSpan) => span.spanContext().traceId
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId

test('a payment is one trace, from the request to the provider and the statements, and goes on that of the shop', () =>
  story({}, async ({ pay }) => {
    spans.forget()
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await pay({}, { traceparent })
    const [request, ...others] = named('POST /v1/payments')
    assert.ok(request)
    assert.deepEqual(others, [])
    assert.equal(request.kind, SpanKind.SERVER)
    const { 'lango.request.id': requestId, ...attributes } = request.attributes
    assert.deepEqual(attributes, {
      'http.request.method': 'POST',
      'http.route': '/v1/payments',
      'http.response.status_code': 201,
    })
    assert.match(String(requestId), /^req_[0-9a-f]{32}$/)
    assert.equal(traceOf(request), '0af7651916cd43dd8448eb211c80319c')
    assert.equal(parentOf(request), 'b7ad6b7169203331')

    const [prompt] = named('POST /mpesa/stkpush/v1/processrequest')
    assert.ok(prompt)
    assert.equal(prompt.kind, SpanKind.CLIENT)
    assert.equal(prompt.attributes['url.full'], 'http://daraja.test/mpesa/stkpush/v1/processrequest')
    assert.equal(prompt.attributes['http.response.status_code'], 200)
    assert.equal(traceOf(prompt), traceOf(request))
    const [batch] = named('insertIntents')
    assert.equal(traceOf(batch!), traceOf(request))
    const statements = spans.told().filter((span) => parentOf(span) === batch!.spanContext().spanId)
    assert.match(statements.map(({ name }) => name).join(), /insert payments/)
  }))

test('a payment that is settled, and its delivery, are told with what became of them; the endpoint can go on the trace', () =>
  scene(async ({ context, shop, subscribe, paid }) => {
    await subscribe()
    spans.forget()
    await paid()
    shop.answer(503)
    await deliverDue(context)
    const settled = named('settlePayments').map(({ attributes }) => Number(attributes['lango.batch.size']))
    assert.equal(
      settled.reduce((sum, size) => sum + size),
      2,
      'what was answered, and the callback',
    )
    const [attempt] = named('deliver')
    assert.ok(attempt)
    const { 'lango.delivery.id': delivery, 'lango.event.id': event, 'server.port': port, ...rest } = attempt.attributes
    assert.match(`${String(delivery)} ${String(event)} ${String(port)}`, /^dlv_\S+ evt_\S+ \d+$/)
    assert.deepEqual(rest, {
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'lango.event.type': 'payment.completed',
      'lango.delivery.attempt': 1,
      'http.response.status_code': 503,
      'error.type': '503',
    })
    assert.equal(attempt.status.code, SpanStatusCode.ERROR)
    const { traceId, spanId } = attempt.spanContext()
    assert.equal(shop.received[0]!.headers.traceparent, `00-${traceId}-${spanId}-01`)
    assert.equal(attempt.parentSpanContext, undefined)
  }))

test('a batch of several is linked to all who asked', async () => {
  spans.forget()
  const one = (name: string) =>
    tracedRequest(
      'GET',
      () => undefined,
      () => Promise.resolve(asked(name)),
    )
  const both = [await one('first'), await one('second')]
  await tracedBatch('settle', both, (items) => Promise.resolve(items))
  const requests = named('GET').map((span) => span.spanContext().spanId)
  const [batch] = named('settle')
  assert.deepEqual(
    batch!.links.map(({ context }) => context.spanId),
    requests,
  )
  assert.equal(batch!.parentSpanContext, undefined)
})

test('an error is told by its kind, and without its words', async () => {
  spans.forget()
  const fails = () => Promise.reject(new TypeError('0712345678 has no money.'))
  await assert.rejects(tracedRequest('BREW', () => undefined, fails))
  const [span] = named('HTTP')
  assert.deepEqual(span!.attributes, { 'http.request.method': '_OTHER', 'error.type': 'TypeError' })
  assert.deepEqual([span!.events, span!.status], [[], { code: SpanStatusCode.ERROR }])
})

test('a statement outside of anything that is told is not told', () =>
  story({}, async ({ context }) => {
    spans.forget()
    await context.database.query(sql`select 1`)
    assert.deepEqual(spans.told(), [])
  }))

test('a line of the log names the trace in which it was written', async () => {
  spans.forget()
  const lines: string[] = []
  const log = createLog('info', { write: (line) => void lines.push(line) })
  log.info('Before.')
  await tracedRequest(
    'GET',
    () => undefined,
    async () => log.info('Within.'),
  )
  const { traceId, spanId } = named('GET')[0]!.spanContext()
  const [before, within] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual([before!['trace_id'], within!['trace_id'], within!['span_id']], [undefined, traceId, spanId])
})

const statements = [
  ['select id from payments where phone = $1', 'select payments'],
  ['update payments set status = $1 where id = $2', 'update payments'],
  ['insert into keys (id) values ($1) on conflict (id) do update set used = true', 'insert keys'],
  ['delete from sessions where ends_at < $1', 'delete sessions'],
  ['select id from deliveries where due_at < $1 for update skip locked', 'select deliveries'],
  [
    'with paid as (update payments set a = 1 returning id) insert into events select id from paid',
    'update payments insert events select paid',
  ],
  ['show transaction_read_only', 'show'],
] as const

for (const [text, summary] of statements)
  test(`a statement is told as ${summary}`, () => assert.equal(summaryOf(text), summary))
