import { createRoute, z } from '@hono/zod-openapi'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { textSchema } from '../api/schema.ts'
import { sinceSchema, untilSchema } from '../api/time.ts'
import { showId } from '../id.ts'
import { listAudit } from './audit.ts'
import type { AuditRow } from './audit.ts'

const audited = z
  .object({
    id: z.string(),
    at: z.string(),
    actor: z.string().openapi({
      description: 'Who did it: a key, a user of the machine, a payer, a provider, or this server by itself.',
    }),
    action: z.string().openapi({ example: 'refund.created' }),
    subject: z.string().nullable().openapi({ description: 'To which object.' }),
    details: z.record(z.string(), z.unknown()),
  })
  .openapi('AuditLogEntry')

const list = createRoute({
  method: 'get',
  path: '/audit/logs',
  tags: ['Audit'],
  summary: 'Who did what, newest first',
  description: 'Everything that changed money, keys, accounts or endpoints by somebody’s hand.',
  middleware: needs('audit:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      action: textSchema(100).optional(),
      actor: textSchema(100).optional(),
      subject: textSchema(100).optional(),
      since: sinceSchema.optional(),
      until: untilSchema.optional(),
    }),
  },
  responses: { 200: page(audited, 'A page of the audit log'), ...failures },
})

/** The audit log over HTTP. */
export function auditRoutes() {
  return createRoutes().openapi(list, async (c) => {
    const { context, caller } = c.var
    const { merchant_id } = caller
    const found = await listAudit(context, { merchant_id, ...readListing('aud', c.req.valid('query')) })
    return c.json(pageOf('aud', found, present), 200)
  })
}

function present({ id, at, actor, action, subject, details }: AuditRow): z.infer<typeof audited> {
  return { id: showId('aud', id), at: at.toISOString(), actor, action, subject, details }
}
