import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import type { Context as HonoContext } from 'hono'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageBy, pageOf, pageParams, readListing } from '../api/list.ts'
import { idParam, optional, optionalBody, phoneSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { accountOfCaller } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import { Problem } from '../problem.ts'
import { findRun, listRuns } from './find.ts'
import { listItems } from './items.ts'
import { explain } from './reason.ts'
import { registerForRecords, whyNotReconciled } from './register.ts'
import { begin, reconcileNow } from './run-now.ts'
import { itemRow, itemSchema, presentItem } from './item.ts'
import type { Item } from './item.ts'
import { presentRun, runRow, runSchema } from './run.ts'
import { receiveStatement } from './upload.ts'
import type { Upload } from './upload.ts'

const tags = ['Reconciliation']

/** The one path that takes more than other bodies may have. */
export const statementsPath = '/v1/reconciliation/statements'
const statementBytesMax = 20 * 1024 * 1024

const state = z
  .object({
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
  middleware: needs('payments:read'),
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
    body: optionalBody(
      z.strictObject({ from: optional(sinceSchema), until: optional(untilSchema) }).openapi('ReconciliationRunRequest'),
    ),
  },
  responses: { 201: success(runSchema, 'The run, with its report'), ...failures },
})

const upload = createRoute({
  method: 'post',
  path: '/reconciliation/statements',
  tags,
  summary: 'Compare an M-PESA organisation statement with the books',
  description:
    'The CSV that the organisation portal exports, up to 20 MB, as the body (text/csv) or as the field "file" of a form. Of any period; it also shows reversals, payouts and charges, and what the books hold that M-Pesa does not know.',
  middleware: [
    needs('reconciliation:write'),
    bodyLimit({
      maxSize: statementBytesMax,
      onError: () => {
        throw new Problem('body_too_large', 'A statement has at most 20 MB. Export a shorter period.')
      },
    }),
  ] as const,
  request: {
    body: {
      required: false,
      content: {
        'text/csv': { schema: z.string() },
        'multipart/form-data': {
          schema: z
            .object({ file: z.instanceof(File).openapi({ type: 'string', format: 'binary' }) })
            .openapi('StatementUpload'),
        },
      },
    },
  },
  responses: { 201: success(runSchema, 'The run, with its report'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/reconciliation/runs',
  tags,
  summary: 'List reconciliation runs, newest first',
  middleware: needs('payments:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
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
  middleware: needs('payments:read'),
  request: { params: idParam('rec') },
  responses: { 200: success(runSchema, 'The run'), ...failures },
})

const items = createRoute({
  method: 'get',
  path: '/reconciliation/runs/{id}/items',
  tags,
  summary: 'What became of each record, in their order',
  middleware: needs('payments:read'),
  request: {
    params: idParam('rec'),
    query: z.strictObject({
      limit: pageParams.limit,
      cursor: z
        .string()
        .regex(/^\d{1,9}$/, 'A cursor is the next_cursor of the page before')
        .optional(),
      outcome: itemRow.shape.outcome.optional(),
      kind: itemRow.shape.kind.optional(),
      reason: z.string().max(40).optional(),
      receipt: z.string().max(40).optional(),
    }),
  },
  responses: { 200: page(itemSchema, 'A page of items'), ...failures },
})

/** Reconciliation over HTTP. */
export function reconciliationRoutes() {
  return createRoutes()
    .openapi(register, async (c) => {
      const { context, caller } = c.var
      const own = await accountOfCaller(context, caller, 'mpesa')
      const { account, wasRegistered } = await registerForRecords(context, own, c.req.valid('json').nominated_number)
      return c.json(succeeded({ ...present(account), already_registered: wasRegistered }), 200)
    })
    .openapi(show, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(present(await accountOfCaller(context, caller, 'mpesa'))), 200)
    })
    .openapi(run, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, 'mpesa')
      return c.json(succeeded(presentRun(await reconcileNow(context, account, c.req.valid('json')))), 201)
    })
    .openapi(upload, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, 'mpesa')
      const started = await receiveStatement(context, account, await readUpload(c))
      return c.json(succeeded(presentRun(await begin(context, started))), 201)
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

function numberOf({ number }: Item): string {
  return String(number)
}

function showItem(item: Item): z.infer<typeof itemSchema> {
  return presentItem(item, explain)
}

function present(account: Account): z.infer<typeof state> {
  return {
    shortcode: account.shortcode,
    environment: account.environment,
    registered_at: account.pull_registered_at?.toISOString() ?? null,
    next_run_at: account.reconcile_at?.toISOString() ?? null,
    reconciled_until: account.reconciled_until?.toISOString() ?? null,
    problem: whyNotReconciled(account) ?? null,
  }
}

async function readUpload(c: HonoContext): Promise<Upload> {
  if (!c.req.header('Content-Type')?.startsWith('multipart/form-data')) {
    return { content: Buffer.from(await c.req.arrayBuffer()) }
  }
  const { file } = await c.req.parseBody()
  if (!(file instanceof File)) {
    throw new Problem(
      'invalid_request',
      'Send the statement as the field "file" of the form, or as a body of text/csv.',
      'file',
    )
  }
  return { content: Buffer.from(await file.arrayBuffer()), name: file.name }
}
