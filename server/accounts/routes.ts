import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, optional, phoneSchema, providerSchema, shortcodeSchema, textSchema, withDefault } from '../api/schema.ts'
import { refuseUncallable } from '../callback-url.ts'
import { showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { mask } from '../secret.ts'
import { configureAccount } from './configure.ts'
import { currentAccount } from './find.ts'
import type { Account } from './account.ts'

const mpesa = z
  .strictObject({
    env: z.enum(['simulator', 'sandbox', 'live']),
    consumer_key: textSchema(200),
    consumer_secret: textSchema(200),
    passkey: textSchema(200),
    shortcode: shortcodeSchema,
    type: withDefault(z.enum(['paybill', 'till']), 'paybill'),
    till: optional(shortcodeSchema),
    initiator: optional(textSchema(100)),
    security_credential: optional(textSchema(1000)),
    result_url: optional(z.string().max(500)),
    timeout_url: optional(z.string().max(500)),
    nominated_number: optional(phoneSchema),
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

const params = z.strictObject({ provider: providerSchema })

const configure = createRoute({
  method: 'put',
  path: '/merchant/providers/{provider}',
  tags: ['Merchant'],
  summary: 'Set the account with a provider',
  description: 'Another env, shortcode or till makes a new account; payments made with the old one keep it.',
  middleware: needs('merchant:write'),
  request: {
    params,
    body: body(z.strictObject({ provider: optional(z.literal('mpesa')), mpesa }).openapi('ProviderRequest')),
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

/** A merchant's accounts with providers, over HTTP. */
export function accountRoutes() {
  return createRoutes()
    .openapi(configure, async (c) => {
      const { context, caller } = c.var
      const { provider } = c.req.valid('param')
      if (provider !== 'mpesa') throw new Problem('not_supported', 'Only mpesa can be configured here.', 'provider')
      const { env, shortcode, type, till = null, ...credentials } = c.req.valid('json').mpesa
      if (env === 'live' && caller.mode === 'test')
        throw new Problem(
          'forbidden',
          'A test key does not configure a live account. Use a live key (sk_live_…).',
          'mpesa.env',
        )
      for (const name of ['result_url', 'timeout_url'] as const)
        if (credentials[name]) refuseUncallable(context, credentials[name], `mpesa.${name}`)
      const account = await configureAccount(context, {
        merchant_id: caller.merchant_id,
        provider,
        environment: env,
        shortcode,
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
}

function summarize({
  id,
  provider,
  environment,
  shortcode,
  type,
  till,
  credentials,
}: Account): z.infer<typeof summary> {
  return {
    provider,
    account_id: showId('acc', id),
    config_summary: {
      env: environment,
      shortcode,
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
