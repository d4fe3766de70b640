import { createRoute, z } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { succeeded, success } from '../api/answer.ts'
import type { Caller } from '../access/key.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import type { ApiEnvironment } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { body, optional, providerSchema } from '../api/schema.ts'
import { refuseUncallable } from '../callback-url.ts'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { configureAccount } from './configure.ts'
import { defaultAccount } from './named.ts'
import { mpesaSchema, readAccount } from './fields.ts'
import type { MpesaGiven } from './fields.ts'
import { pesaflowSchema, readPesaflowAccount } from './pesaflow-fields.ts'
import type { PesaflowGiven } from './pesaflow-fields.ts'
import type { AccountInput, GivenCredentials } from './given.ts'
import { accountSummary, summarizeAccount } from './summary.ts'

const params = z.strictObject({ provider: providerSchema })

/** A provider that is not there yet is told before its body is judged, for nobody knows yet what that would be. */
const needsProvider: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  const read = providerSchema.safeParse(c.req.param('provider'))
  if (read.success) providerOf(c.get('context'), { provider: read.data })
  await next()
}

/** The account as its provider has it: one of them, that of the provider. */
export const described = { mpesa: optional(mpesaSchema), pesaflow: optional(pesaflowSchema) }

/** An account as somebody describes it. */
export type Described = { provider?: ProviderName; mpesa?: MpesaGiven; pesaflow?: PesaflowGiven }

const configure = createRoute({
  method: 'put',
  path: '/merchant/providers/{provider}',
  tags: ['Merchant'],
  summary: 'Set the default account with a provider',
  description:
    'The simple way for one account. Another env, shortcode or till is another account, of before or new, that takes the place of the present one; payments made with that keep it. What is not given stays as it is.',
  middleware: [needs('merchant:write'), needsProvider],
  request: {
    params,
    body: body(z.strictObject({ provider: optional(providerSchema), ...described }).openapi('ProviderRequest')),
  },
  responses: { 200: success(accountSummary, 'The account, secrets masked'), ...failures },
})

const configureNamed = createRoute({
  ...configure,
  path: '/merchant/providers',
  summary: 'Set the default account with the provider that the body names',
  description: 'The same as PUT /v1/merchant/providers/{provider}.',
  middleware: needs('merchant:write'),
  request: {
    body: body(z.strictObject({ provider: providerSchema, ...described }).openapi('NamedProviderRequest')),
  },
})

const show = createRoute({
  method: 'get',
  path: '/merchant/providers/{provider}',
  tags: ['Merchant'],
  summary: 'The default account with a provider, secrets masked',
  description: 'What is configured, with the last characters of each secret.',
  middleware: [needs('merchant:read'), needsProvider],
  request: { params },
  responses: { 200: success(accountSummary, 'The account'), ...failures },
})

/** A merchant's accounts with providers, over HTTP. */
export function accountRoutes() {
  return createRoutes()
    .openapi(configure, async (c) => {
      const { context, caller } = c.var
      const { provider } = c.req.valid('param')
      const given = c.req.valid('json')
      if (given.provider && given.provider !== provider)
        throw new Problem('invalid_request', `The path names ${provider}, and the body ${given.provider}.`, 'provider')
      return c.json(succeeded(await setAccount(context, caller, { ...given, provider })), 200)
    })
    .openapi(configureNamed, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(await setAccount(context, caller, c.req.valid('json'))), 200)
    })
    .openapi(show, async (c) => {
      const { context, caller } = c.var
      const account = await defaultAccount(context, caller.merchant_id, c.req.valid('param').provider)
      return c.json(succeeded(summarizeAccount(account)), 200)
    })
}

async function setAccount(context: Context, caller: Caller, asked: Described & { provider: ProviderName }) {
  const given = readDescribed(caller, asked)
  refuseUncallableOf(context, given.credentials)
  return summarizeAccount(await configureAccount(context, given))
}

/** Reads the account of its provider. @throws a Problem where that of another is described, or none. */
export function readDescribed(
  caller: Caller,
  { provider, mpesa, pesaflow }: Described & { provider: ProviderName },
): AccountInput {
  const other = provider === 'mpesa' ? 'pesaflow' : 'mpesa'
  if (provider === 'mpesa' ? pesaflow : mpesa)
    throw new Problem('invalid_request', `This is an account with ${provider}: leave "${other}" out.`, other)
  const given =
    provider === 'pesaflow' ? pesaflow && readPesaflowAccount(caller, pesaflow) : mpesa && readAccount(caller, mpesa)
  if (!given) throw new Problem('invalid_request', `Describe the account under "${provider}".`, provider)
  return given
}

/** @throws a Problem when an address for callbacks is Lango's own, and nobody would hear there. */
export function refuseUncallableOf(context: Context, credentials: GivenCredentials): void {
  for (const name of ['result_url', 'timeout_url'] as const)
    if (credentials[name]) refuseUncallable(context, credentials[name], `mpesa.${name}`)
}
