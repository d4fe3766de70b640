import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { answerCreated, repeatableHeaders } from '../api/answer-created.ts'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { idParam, optional, optionalBody, textSchema } from '../api/schema.ts'
import { Problem } from '../problem.ts'
import { batchSchema, findBatch, listBatches, presentBatch } from './batch.ts'
import { createBatch } from './batch-create.ts'
import { approveBatch, rejectBatch } from './batch-decide.ts'
import { linesMax, readCsv, readLines, refuseSize } from './batch-lines.ts'

const tags = ['Payouts']
const path = '/payouts/batches'

/** Where a batch is sent to: it may hold more than other requests. */
export const batchesPath = `/v1${path}`

/** Each line is judged by itself, so that all that is wrong is told at once. */
const batchRequest = z
  .strictObject({
    name: optional(textSchema(100)).openapi({ example: 'Wages of November' }),
    payouts: z.array(z.unknown()).openapi({
      type: 'array',
      items: { $ref: '#/components/schemas/PayoutRequest' },
      minItems: 1,
      maxItems: linesMax,
    }),
  })
  .openapi('PayoutBatchRequest')

// Described and not validated: its lines are read one by one, as those of JSON are.
const csv = z.string().openapi({
  example: 'phone,amount,external_reference\n0712345678,1500,wages-11-wanjiku\n0722000000,2200,wages-11-otieno\n',
})

const create = createRoute({
  method: 'post',
  path,
  tags,
  summary: 'Ask for many payouts at once',
  description: `As JSON, or as a CSV whose first line names the columns, up to ${linesMax} lines. All of them are taken or none: what is wrong with which line is told in "lines" of the error. They count whole against the limit of the day, and wait until another person approves the batch; then each is a payout of its own. Of a CSV the name stands in ?name=.`,
  middleware: needs('payouts:write'),
  request: {
    headers: repeatableHeaders,
    query: z.strictObject({ name: textSchema(100).optional() }),
    body: { required: false, content: { 'application/json': { schema: batchRequest }, 'text/csv': { schema: csv } } },
  },
  responses: { 201: success(batchSchema, 'The batch, which waits for approval'), ...failures },
})

const list = createRoute({
  method: 'get',
  path,
  tags,
  summary: 'List batches of payouts, newest first',
  description: 'Each with its totals and how many of its payouts have which status.',
  middleware: needs('payouts:read'),
  request: { query: z.strictObject(pageParams) },
  responses: { 200: page(batchSchema, 'A page of batches'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: `${path}/{id}`,
  tags,
  summary: 'One batch, and how its payouts stand',
  description: 'Its payouts are listed by `GET /payouts?batch_id=`.',
  middleware: needs('payouts:read'),
  request: { params: idParam('bat') },
  responses: { 200: success(batchSchema, 'The batch'), ...failures },
})

const approve = createRoute({
  method: 'post',
  path: `${path}/{id}/approve`,
  tags,
  summary: 'Approve a batch that waits, and send its payouts',
  description:
    "Whoever approves is not who asked for it: another person, with a key that the first one's key did not make.",
  middleware: needs('payouts:write'),
  request: { params: idParam('bat') },
  responses: { 200: success(batchSchema, 'The batch'), ...failures },
})

const reject = createRoute({
  method: 'post',
  path: `${path}/{id}/reject`,
  tags,
  summary: 'Reject a batch that waits',
  description:
    'Each of its payouts fails as "rejected", and nothing is sent. Whoever asked for it may take it back so.',
  middleware: needs('payouts:write'),
  request: {
    params: idParam('bat'),
    body: optionalBody(z.strictObject({ reason: optional(textSchema(200)) }).openapi('BatchRejection')),
  },
  responses: { 200: success(batchSchema, 'The batch'), ...failures },
})

/** Batches of payouts over HTTP. */
export function batchRoutes() {
  return createRoutes()
    .openapi(create, async (c) => {
      const { context, caller } = c.var
      const { merchant_id, mode } = caller
      const { name = c.req.valid('query').name, lines } = await readBatch(c, c.req.valid('json') as AsJson)
      return answerCreated(c, `POST ${batchesPath}`, {
        create: (idempotency) => createBatch(context, { merchant_id, mode, name, lines, idempotency }),
        show: presentBatch,
        request: { name, payouts: lines.map(({ input }) => input) },
      })
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listBatches(context, { ...caller, ...readListing('bat', c.req.valid('query')) })
      return c.json(pageOf('bat', found, presentBatch), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentBatch(await findBatch(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
    .openapi(approve, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentBatch(await approveBatch(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
    .openapi(reject, async (c) => {
      const { context, caller } = c.var
      const { reason } = c.req.valid('json')
      const batch = await rejectBatch(context, { ...caller, ...c.req.valid('param') }, reason)
      return c.json(succeeded(presentBatch(batch)), 200)
    })
}

/** A CSV has none of it. */
type AsJson = Partial<z.infer<typeof batchRequest>>

/** The lines of a batch, as JSON or as CSV. */
async function readBatch(c: HonoContext, json: AsJson) {
  const isCsv = /^text\/csv\b/i.test(c.req.header('Content-Type') ?? '')
  const written = isCsv
    ? readCsv(await c.req.text())
    : json.payouts?.map((value, index) => ({ line: index + 1, value }))
  if (!written) throw new Problem('malformed_json', 'The body is empty. Send a JSON object, or a CSV as text/csv.')
  refuseSize(written.length)
  return { name: json.name, lines: readLines(written) }
}
