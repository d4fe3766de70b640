import type { IncomingMessage } from 'node:http'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context as HonoContext } from 'hono'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { limitBytes } from '../api/limit-body.ts'
import { page, pageBy, pageOf, pageParams, readListing } from '../api/list.ts'
import {
  accountQuery,
  accountSchema,
  idParam,
  optional,
  optionalBody,
  phoneSchema,
  shortcodeSchema,
} from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { accountOfCaller } from '../accounts/named.ts'
import type { Account } from '../accounts/account.ts'
import { showId } from '../id.ts'
import type { SentFile } from '../providers/statement.ts'
import { normalReceipt } from '../receipt.ts'
import { workOn } from './continue.ts'
import { findRun, listRuns } from './find.ts'
import { listItems } from './items.ts'
import { previewStatement } from './preview.ts'
import type { Preview } from './preview.ts'
import { explain } from './reason.ts'
import { presentReport, reportSchema } from './report.ts'
import { registerForRecords, whyNotReconciled } from './register.ts'
import { reconcileNow } from './run-now.ts'
import { itemRow, itemSchema, presentItem } from './item.ts'
import type { Item } from './item.ts'
import { presentRun, runRow, runSchema } from './run.ts'
import { receiveStatement } from './upload.ts'

const tags = ['Reconciliation']

/** The one path that takes more than other bodies may have. */
export const statementsPath = '/v1/reconciliation/statements'
const statementBytesMax = 32 * 1024 * 1024

const binary = { schema: { type: 'string', format: 'binary' } } as const
const statementBodies = {
  'text/csv': { schema: { type: 'string' as const } },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': binary,
  'application/octet-stream': binary,
  'multipart/form-data': {
    schema: { type: 'object' as const, properties: { file: binary.schema }, required: ['file'] },
  },
}

const cursorSchema = z
  .string()
  .regex(/^\d{1,9}$/, 'A cursor is the next_cursor of the page before')
  .optional()

/** A receipt however it is written; what is none is found nowhere. */
const receiptSchema = z
  .string()
  .max(40)
  .transform((text) => normalReceipt(text) ?? text)

const previewSchema = z
  .object({
    account: z.string().openapi({ description: 'The account that the statement is of.' }),
    shortcode: z.string(),
    environment: z.string(),
    from: z.string(),
    until: z.string(),
    records_total: z.number(),
    note: z.string().nullable(),
    report: reportSchema,
    items: z.array(itemSchema),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  })
  .openapi('StatementPreview')

const state = z
  .object({
    account: z.string(),
    shortcode: z.string(),
    environment: z.string(),
    registered_at: z.string().nullable(),
    next_run_at: z.string().nullable(),
    reconciled_until: z.string().nullable(),
    problem: z.string().nullable().openapi({ description: 'Why the account is not reconciled by itself.' }),
  })
  .openapi('Reconciliation')

const register = createRoute({
  method: 'post',
  path: '/reconciliation/mpesa/register',
  tags,
  summary: 'Register the short code for Pull Transactions',
  description:
    'Once; "already registered" is a success. From then on M-Pesa\'s records are compared with the books every 15 minutes. nominated_number is the Safaricom number nominated for the short code; the one of the account where none is given.',
  middleware: needs('reconciliation:write'),
  request: {
    query: accountQuery,
    body: optionalBody(
      z.strictObject({ nominated_number: optional(phoneSchema) }).openapi('ReconciliationRegistrationRequest'),
    ),
  },
  responses: {
    200: success(state.extend({ already_registered: z.boolean() }).openapi('ReconciliationRegistration'), 'Registered'),
    ...failures,
  },
})

const show = createRoute({
  method: 'get',
  path: '/reconciliation/mpesa',
  tags,
  summary: 'Whether and when the account is reconciled by itself',
  description: 'With the time of the next run, how far the records are read, and what stands in the way.',
  middleware: needs('reconciliation:read'),
  request: { query: accountQuery },
  responses: { 200: success(state, 'The state'), ...failures },
})

const run = createRoute({
  method: 'post',
  path: '/reconciliation/runs',
  tags,
  summary: "Compare M-Pesa's records with the books now",
  description:
    'A window within the last 48 hours; without one, that which is due: the last two hours, or since the last complete run.',
  middleware: needs('reconciliation:write'),
  request: {
    query: accountQuery,
    body: optionalBody(
      z.strictObject({ from: optional(sinceSchema), until: optional(untilSchema) }).openapi('ReconciliationRunRequest'),
    ),
  },
  responses: { 201: success(runSchema, 'The run, with its report'), ...failures },
})

const flag = z.enum(['true', 'false'], 'It is true or false.').optional()

const upload = createRoute({
  method: 'post',
  path: '/reconciliation/statements',
  tags,
  summary: 'Compare an M-PESA organisation statement with the books',
  description: `The CSV or XLSX that the organisation portal exports, up to 32 MB, as the body, whatever its Content-Type, or as the field "file" of a form; of any period, in any of its layouts, encodings and orders of columns. It also shows reversals, payouts and charges, and what the books hold that M-Pesa does not know. With preview=true the answer says what would be done, line by line, and nothing is done.`,
  middleware: [
    needs('reconciliation:write'),
    limitBytes(statementBytesMax, 'A statement has at most 32 MB. Export a shorter period, or as XLSX.'),
  ] as const,
  request: {
    query: z.strictObject({
      preview: flag.openapi({ description: 'Say what would be done, and do nothing.' }),
      account: accountSchema.optional().openapi({
        description:
          'The account that it must be of, by its name or id. Without it the statement goes to whichever of your accounts it shows that it is of.',
      }),
      shortcode: shortcodeSchema.optional().openapi({
        description: 'Whose it is, where the statement does not show that itself; the run notes it.',
      }),
      assume_completed: flag.openapi({
        description: 'That all of its lines were completed, where it has no column that says so; the run notes it.',
      }),
      limit: z.coerce.number().int().min(1).max(1_000).default(1_000).openapi({
        type: 'integer',
        description: 'Of a preview: how many lines it shows at once.',
      }),
      cursor: cursorSchema,
    }),
    // Described and not validated: whatever a browser, a spreadsheet or curl calls a statement is read for what it is.
    body: { required: true, content: statementBodies },
  },
  responses: {
    200: success(previewSchema, 'The preview'),
    201: success(runSchema, 'The run, with its report'),
    ...failures,
  },
})

const list = createRoute({
  method: 'get',
  path: '/reconciliation/runs',
  tags,
  summary: 'List reconciliation runs, newest first',
  description: 'Those by Pull and those by statement, each with its report.',
  middleware: needs('reconciliation:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      account: accountSchema.optional(),
      source: runRow.shape.source.optional(),
      status: runRow.shape.status.optional(),
    }),
  },
  responses: { 200: page(runSchema, 'A page of runs'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/reconciliation/runs/{id}',
  tags,
  summary: 'One reconciliation run, with its report',
  description: 'While it is `running`, `records_read` tells how far it is.',
  middleware: needs('reconciliation:read'),
  request: { params: idParam('rec') },
  responses: { 200: success(runSchema, 'The run'), ...failures },
})

const items = createRoute({
  method: 'get',
  path: '/reconciliation/runs/{id}/items',
  tags,
  summary: 'What became of each record, in their order',
  description: 'With the reason of each in a sentence, and the line of the file where it stands.',
  middleware: needs('reconciliation:read'),
  request: {
    params: idParam('rec'),
    query: z.strictObject({
      limit: pageParams.limit,
      cursor: cursorSchema,
      outcome: itemRow.shape.outcome.optional(),
      kind: itemRow.shape.kind.optional(),
      reason: z.string().max(40).optional(),
      receipt: receiptSchema.optional(),
    }),
  },
  responses: { 200: page(itemSchema, 'A page of items'), ...failures },
})

/** Reconciliation over HTTP. */
export function reconciliationRoutes() {
  return createRoutes()
    .openapi(register, async (c) => {
      const { context, caller } = c.var
      const own = await accountOfCaller(context, caller, ofMpesa(c.req.valid('query')))
      const { account, wasRegistered } = await registerForRecords(context, own, c.req.valid('json').nominated_number)
      return c.json(succeeded({ ...present(account), already_registered: wasRegistered }), 200)
    })
    .openapi(show, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(present(await accountOfCaller(context, caller, ofMpesa(c.req.valid('query'))))), 200)
    })
    .openapi(run, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, ofMpesa(c.req.valid('query')))
      return c.json(succeeded(presentRun(await reconcileNow(context, account, c.req.valid('json')))), 201)
    })
    .openapi(upload, async (c) => {
      const { context, caller } = c.var
      const { preview, account: named, shortcode, assume_completed, limit, cursor } = c.req.valid('query')
      const account = await accountOfCaller(context, caller, ofMpesa({ account: named }))
      const isNamed = named !== undefined
      const statement = { file: await readFile(c), shortcode, isNamed, isAllCompleted: assume_completed === 'true' }
      if (preview === 'true') {
        const after = cursor === undefined ? -1 : Number(cursor)
        const seen = await previewStatement(context, account, statement, { limit, after })
        return c.json(succeeded(presentPreview(seen, after)), 200)
      }
      const { run: started, reading } = await receiveStatement(context, account, statement)
      return c.json(succeeded(presentRun(await workOn(context, started, reading))), 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listRuns(context, { ...caller, ...readListing('rec', c.req.valid('query')) })
      return c.json(pageOf('rec', found, presentRun), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentRun(await findRun(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
    .openapi(items, async (c) => {
      const { context, caller } = c.var
      const { limit, cursor, ...filter } = c.req.valid('query')
      const { merchant_id, id } = await findRun(context, { ...caller, ...c.req.valid('param') })
      const after = cursor === undefined ? undefined : Number(cursor)
      const found = await listItems(context, { merchant_id, id }, { filter, limit, after })
      return c.json(pageBy(numberOf, found, showItem), 200)
    })
}

function ofMpesa({ account }: { account?: string | undefined }) {
  return { provider: 'mpesa', account } as const
}

function numberOf({ number }: Item): string {
  return String(number)
}

function showItem(item: Item): z.infer<typeof itemSchema> {
  return presentItem(item, explain)
}

function present(account: Account): z.infer<typeof state> {
  return {
    account: showId('acc', account.id),
    shortcode: account.shortcode,
    environment: account.environment,
    registered_at: account.pull_registered_at?.toISOString() ?? null,
    next_run_at: account.reconcile_at?.toISOString() ?? null,
    reconciled_until: account.reconciled_until?.toISOString() ?? null,
    problem: whyNotReconciled(account) ?? null,
  }
}

function presentPreview(preview: Preview, after: number): z.infer<typeof previewSchema> {
  const { account, run, report, items, hasMore } = preview
  return {
    account: showId('acc', account.id),
    shortcode: account.shortcode,
    environment: account.environment,
    from: run.window_from.toISOString(),
    until: run.window_until.toISOString(),
    records_total: run.records_total!,
    note: run.note,
    report: presentReport(report),
    items: items.map((item) => presentItem(item, explain)),
    has_more: hasMore,
    next_cursor: hasMore ? String(after + items.length) : null,
  }
}

/** The body as it came: what it is, and whether a form is around it, is found out where it is read. */
async function readFile(c: HonoContext): Promise<SentFile> {
  return { content: await readBytes(c), contentType: c.req.header('Content-Type') }
}

/** A body piece by piece into its place. To put 32 MB together at the end would hold up everybody else. */
async function readBytes(c: HonoContext): Promise<Uint8Array> {
  // One without a length was counted, and is in one piece already.
  const length = c.req.header('Content-Length')
  if (length === undefined) return new Uint8Array(await c.req.arrayBuffer())
  const bytes = new Uint8Array(Number(length))
  let filled = 0
  for await (const piece of piecesOf(c)) {
    bytes.set(piece, filled)
    filled += piece.length
  }
  return bytes
}

/** From the socket itself, where there is one: a web stream between takes several times as long over each piece. */
function piecesOf(c: HonoContext): AsyncIterable<Uint8Array> {
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage }
  return incoming ?? c.req.raw.body ?? new Blob([]).stream()
}
