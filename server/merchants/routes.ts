import { createRoute, z } from '@hono/zod-openapi'
import { body, createRoutes, failures, idParam, needs, phoneSchema, success } from '../api.ts'
import { succeeded } from '../answer.ts'
import { sql } from '../database/sql.ts'
import { refuseUncallable } from '../callbacks/url.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { configureAccount, currentAccount } from './account.ts'
import type { Account } from './account.ts'
import { createKey, revokeKey, scopes } from './key.ts'
import { findMerchants, updateMerchant } from './merchant.ts'

const text = (max: number) => z.string().trim().min(1).max(max)
const shortcode = z.string().regex(/^\d{5,7}$/, 'A short code has 5 to 7 digits')

const mpesa = z
  .strictObject({
    env: z.enum(['simulator', 'sandbox', 'live']),
    consumer_key: text(200),
    consumer_secret: text(200),
    passkey: text(200),
    shortcode,
    type: z.enum(['paybill', 'till']).default('paybill'),
    till: shortcode.optional(),
    initiator: text(100).optional(),
    security_credential: text(1000).optional(),
    result_url: z.string().max(500).optional(),
    timeout_url: z.string().max(500).optional(),
    nominated_number: phoneSchema.optional(),
  })
  .refine(({ type, till }) => type === 'paybill' || till !== undefined, {
    path: ['till'],
    message: 'An account of type "till" needs its till number, beside the store number as shortcode',
  })

const summary = z
  .object({
    provider: z.string(),
    account_id: z.string(),
    config_summary: z.object({
      env: z.string(),
      shortcode: z.string(),
      type: z.string(),
      till: z.string().nullable(),
      consumer_key: z.string(),
      consumer_secret: z.string(),
      passkey: z.string(),
      initiator: z.string().nullable(),
      security_credential: z.string().nullable(),
      result_url: z.string().nullable(),
      timeout_url: z.string().nullable(),
      nominated_number: z.string().nullable(),
    }),
  })
  .openapi('ProviderAccount')

const params = z.strictObject({ provider: z.enum(['mpesa', 'pesaflow'], 'The provider is "mpesa" or "pesaflow".') })

const configure = createRoute({
  method: 'put',
  path: '/merchant/providers/{provider}',
  tags: ['Merchant'],
  summary: 'Set the account with a provider',
  description: 'Another env, shortcode or till makes a new account; payments made with the old one keep it.',
  middleware: needs('merchant:write'),
  request: {
    params,
    body: body(z.strictObject({ provider: z.literal('mpesa').optional(), mpesa }).openapi('ProviderRequest')),
  },
  responses: { 200: success(summary, 'The account, secrets masked'), ...failures },
})

const show = createRoute({
  method: 'get',
  path: '/merchant/providers/{provider}',
  tags: ['Merchant'],
  summary: 'The account with a provider, secrets masked',
  middleware: needs('merchant:read'),
  request: { params },
  responses: { 200: success(summary, 'The account'), ...failures },
})

const merchant = z.object({ id: z.string(), name: z.string(), duplicate_guard: z.boolean() }).openapi('Merchant')

const showMerchant = createRoute({
  method: 'get',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'The merchant whose key this is',
  middleware: needs('merchant:read'),
  responses: { 200: success(merchant, 'The merchant'), ...failures },
})

const changeMerchant = createRoute({
  method: 'patch',
  path: '/merchant',
  tags: ['Merchant'],
  summary: 'Change the name, or the guard against a second payment like the first within a minute',
  middleware: needs('merchant:write'),
  request: {
    body: body(
      z.strictObject({ name: text(100).optional(), duplicate_guard: z.boolean().optional() }).openapi('MerchantChange'),
    ),
  },
  responses: { 200: success(merchant, 'The merchant'), ...failures },
})

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

const makeKey = createRoute({
  method: 'post',
  path: '/api-keys',
  tags: ['Keys'],
  summary: 'Make an API key',
  description: 'A key grants only scopes that it has. The key itself is shown this once.',
  middleware: needs('keys:write'),
  request: {
    body: body(
      z
        .strictObject({
          name: text(100),
          scopes: z.array(z.enum(scopes)).min(1),
          mode: z.enum(['test', 'live']).optional(),
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

const listKeys = createRoute({
  method: 'get',
  path: '/api-keys',
  tags: ['Keys'],
  summary: 'The API keys, without their secrets',
  middleware: needs('keys:write'),
  responses: { 200: success(z.array(key), 'The keys'), ...failures },
})

const endKey = createRoute({
  method: 'delete',
  path: '/api-keys/{id}',
  tags: ['Keys'],
  summary: 'Revoke an API key at once',
  middleware: needs('keys:write'),
  request: { params: idParam('key') },
  responses: { 200: success(z.object({ id: z.string(), revoked: z.literal(true) }), 'Revoked'), ...failures },
})

/** The merchant's accounts with providers, and its API keys, over HTTP. */
export function merchantRoutes() {
  return createRoutes()
    .openapi(showMerchant, async (c) => {
      const { context, caller } = c.var
      const [found] = await findMerchants(context, [caller.merchant_id])
      return c.json(succeeded({ ...found!, id: showId('mer', caller.merchant_id) }), 200)
    })
    .openapi(changeMerchant, async (c) => {
      const { context, caller } = c.var
      const changed = await updateMerchant(context, { id: caller.merchant_id, ...c.req.valid('json') })
      return c.json(succeeded({ ...changed, id: showId('mer', changed.id) }), 200)
    })
    .openapi(configure, async (c) => {
      const { context, caller } = c.var
      const { provider } = c.req.valid('param')
      if (provider !== 'mpesa') throw new Problem('not_supported', 'Only mpesa can be configured here.', 'provider')
      const { env, shortcode: code, type, till = null, ...credentials } = c.req.valid('json').mpesa
      if (env === 'live' && caller.mode === 'test')
        throw new Problem(
          'forbidden',
          'A test key does not configure a live account. Use a live key (sk_live_…).',
          'mpesa.env',
        )
      for (const name of ['result_url', 'timeout_url'] as const)
        if (credentials[name]) refuseUncallable(credentials[name], `mpesa.${name}`)
      const account = await configureAccount(context, {
        merchant_id: caller.merchant_id,
        provider,
        environment: env,
        shortcode: code,
        type,
        till,
        credentials,
      })
      return c.json(succeeded(summarize(account)), 200)
    })
    .openapi(show, async (c) => {
      const { context, caller } = c.var
      const account = await currentAccount(context, caller.merchant_id, c.req.valid('param').provider)
      return c.json(succeeded(summarize(account)), 200)
    })
    .openapi(makeKey, async (c) => {
      const { context, caller } = c.var
      const { name, scopes: asked, mode = caller.mode } = c.req.valid('json')
      const missing = asked.find((scope) => !caller.scopes.includes(scope))
      if (missing)
        throw new Problem('forbidden', `A key grants only scopes that it has, and this one lacks ${missing}.`, 'scopes')
      if (mode === 'live' && caller.mode === 'test')
        throw new Problem('forbidden', 'A test key makes test keys only.', 'mode')
      return c.json(
        {
          success: true as const,
          data: await createKey(context, { merchant_id: caller.merchant_id, name, mode, scopes: asked }),
        },
        201,
      )
    })
    .openapi(listKeys, async (c) => {
      const { context, caller } = c.var
      type Row = Omit<z.infer<typeof key>, 'created_at' | 'revoked_at'> & { created_at: Date; revoked_at: Date | null }
      const rows = await context.database.query<Row>(sql`
        select id, name, hint, mode, scopes, created_at, revoked_at from api_keys where merchant_id = ${caller.merchant_id} order by id desc limit 100`)
      const data = rows.map((row) => ({
        ...row,
        id: showId('key', row.id),
        created_at: row.created_at.toISOString(),
        revoked_at: row.revoked_at?.toISOString() ?? null,
      }))
      return c.json(succeeded(data), 200)
    })
    .openapi(endKey, async (c) => {
      const { context, caller } = c.var
      const { id } = c.req.valid('param')
      await revokeKey(context, { merchant_id: caller.merchant_id, id })
      return c.json(succeeded({ id: showId('key', id), revoked: true as const }), 200)
    })
}

function summarize({
  id,
  provider,
  environment,
  shortcode: code,
  type,
  till,
  credentials,
}: Account): z.infer<typeof summary> {
  return {
    provider,
    account_id: showId('acc', id),
    config_summary: {
      env: environment,
      shortcode: code,
      type,
      till,
      consumer_key: mask(credentials.consumer_key),
      consumer_secret: mask(credentials.consumer_secret),
      passkey: mask(credentials.passkey),
      initiator: credentials.initiator ?? null,
      security_credential: credentials.security_credential ? mask(credentials.security_credential) : null,
      result_url: credentials.result_url ?? null,
      timeout_url: credentials.timeout_url ?? null,
      nominated_number: credentials.nominated_number ?? null,
    },
  }
}

/** A secret as the outside may see it: the last four characters, where that leaves enough unknown. */
function mask(secret: string): string {
  return secret.length >= 12 ? `****${secret.slice(-4)}` : '****'
}
