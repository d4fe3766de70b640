import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page } from '../api/list.ts'
import { body, idParam, optional, textSchema } from '../api/schema.ts'
import { showId } from '../id.ts'
import { createKeyFor, listKeys, revokeKey } from './key.ts'
import { scopes } from './scope.ts'
import type { Key } from './key.ts'

const key = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string(),
    mode: z.enum(['test', 'live']),
    scopes: z.array(z.enum(scopes)),
    created_at: z.string(),
    revoked_at: z.string().nullable(),
  })
  .openapi('ApiKey')

const make = createRoute({
  method: 'post',
  path: '/api-keys',
  tags: ['Keys'],
  summary: 'Make an API key',
  description:
    'A key grants only scopes that it has, and belongs to the person whose key it is: of two that must agree, they are one. The key itself is shown this once.',
  middleware: needs('keys:write'),
  request: {
    body: body(
      z
        .strictObject({
          name: textSchema(100),
          scopes: z.array(z.enum(scopes)).min(1),
          mode: optional(z.enum(['test', 'live'])),
        })
        .openapi('ApiKeyRequest'),
    ),
  },
  responses: {
    201: success(
      z.object({ id: z.string(), key: z.string(), merchant_id: z.string(), scopes: z.array(z.enum(scopes)) }),
      'The key',
    ),
    ...failures,
  },
})

const list = createRoute({
  method: 'get',
  path: '/api-keys',
  tags: ['Keys'],
  summary: 'The API keys, without their secrets',
  description: 'Each with its last four characters, its mode and its scopes; revoked ones too.',
  middleware: needs('keys:write'),
  responses: { 200: page(key, 'The last hundred keys, newest first'), ...failures },
})

const end = createRoute({
  method: 'delete',
  path: '/api-keys/{id}',
  tags: ['Keys'],
  summary: 'Revoke an API key at once',
  description: 'It opens nothing any longer. One that is revoked already is not found.',
  middleware: needs('keys:write'),
  request: { params: idParam('key') },
  responses: { 200: success(z.object({ id: z.string(), revoked: z.literal(true) }), 'Revoked'), ...failures },
})

/** API keys over HTTP. */
export function accessRoutes() {
  return createRoutes()
    .openapi(make, async (c) => {
      const { context, caller } = c.var
      const made = await createKeyFor(context, caller, c.req.valid('json'))
      return c.json(succeeded(made), 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const data = (await listKeys(context, caller.merchant_id)).map(present)
      return c.json({ ...succeeded(data), meta: { has_more: false, next_cursor: null } }, 200)
    })
    .openapi(end, async (c) => {
      const { context, caller } = c.var
      const { id } = c.req.valid('param')
      await revokeKey(context, { merchant_id: caller.merchant_id, id })
      return c.json(succeeded({ id: showId('key', id), revoked: true as const }), 200)
    })
}

function present(row: Key): z.infer<typeof key> {
  return {
    ...row,
    id: showId('key', row.id),
    created_at: row.created_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }
}
