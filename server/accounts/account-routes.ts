import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { page, pageOf, pageParams, readListing } from '../api/list.ts'
import { body, idParam, optional, providerSchema, withDefault } from '../api/schema.ts'
import { addAccount } from './add.ts'
import { credentialsSchema, nameSchema } from './fields.ts'
import { findAccount, listAccounts } from './find.ts'
import { pesaflowChange } from './pesaflow-fields.ts'
import { described, readDescribed, refuseUncallableOf } from './routes.ts'
import { accountView, presentAccount } from './summary.ts'
import { updateAccount } from './update.ts'

const tags = ['Merchant']

const add = createRoute({
  method: 'post',
  path: '/merchant/accounts',
  tags,
  summary: 'Add an account: a till, a branch',
  description:
    'It stands beside those that you have. Name it as "account" where something concerns it and not the default account. Without a name it has that of the number that customers pay to. One that was ended comes back.',
  middleware: needs('merchant:write'),
  request: {
    body: body(
      z
        .strictObject({
          name: optional(nameSchema),
          provider: withDefault(providerSchema, 'mpesa'),
          is_default: optional(z.boolean()),
          ...described,
        })
        .openapi('AccountRequest'),
    ),
  },
  responses: { 201: success(accountView, 'The account, secrets masked'), ...failures },
})

const list = createRoute({
  method: 'get',
  path: '/merchant/accounts',
  tags,
  summary: 'List the accounts with providers, newest first, secrets masked',
  description: 'Those in use, and those that ended and stay for checks and refunds.',
  middleware: needs('merchant:read'),
  request: {
    query: z.strictObject({
      ...pageParams,
      ended: z
        .enum(['true', 'false'])
        .transform((text) => text === 'true')
        .optional(),
    }),
  },
  responses: { 200: page(accountView, 'A page of accounts'), ...failures },
})

const one = createRoute({
  method: 'get',
  path: '/merchant/accounts/{id}',
  tags,
  summary: 'One account, secrets masked',
  description: 'What is configured, with the last characters of each secret.',
  middleware: needs('merchant:read'),
  request: { params: idParam('acc') },
  responses: { 200: success(accountView, 'The account'), ...failures },
})

const change = createRoute({
  method: 'patch',
  path: '/merchant/accounts/{id}',
  tags,
  summary: 'Change an account, make it the default, or end it',
  description:
    'What is not given stays. An account keeps its env, shortcode and till: for another number add another account. With "ended": true nothing new is made with it; it stays for the checks and refunds of what was, and false brings it back.',
  middleware: needs('merchant:write'),
  request: {
    params: idParam('acc'),
    body: body(
      z
        .strictObject({
          name: optional(nameSchema),
          is_default: optional(z.boolean()),
          ended: optional(z.boolean()),
          mpesa: optional(credentialsSchema),
          pesaflow: optional(pesaflowChange),
        })
        .openapi('AccountChange', { example: { name: 'Westlands', is_default: true } }),
    ),
  },
  responses: { 200: success(accountView, 'The account, secrets masked'), ...failures },
})

/** The several accounts of a merchant over HTTP. */
export function severalAccountRoutes() {
  return createRoutes()
    .openapi(add, async (c) => {
      const { context, caller } = c.var
      const { name, is_default, ...asked } = c.req.valid('json')
      const given = readDescribed(caller, asked)
      refuseUncallableOf(context, given.credentials)
      const account = await addAccount(context, { ...given, name, is_default })
      return c.json(succeeded(presentAccount(account)), 201)
    })
    .openapi(list, async (c) => {
      const { context, caller } = c.var
      const found = await listAccounts(context, { ...caller, ...readListing('acc', c.req.valid('query')) })
      return c.json(pageOf('acc', found, presentAccount), 200)
    })
    .openapi(one, async (c) => {
      const { context, caller } = c.var
      return c.json(succeeded(presentAccount(await findAccount(context, { ...caller, ...c.req.valid('param') }))), 200)
    })
    .openapi(change, async (c) => {
      const { context, caller } = c.var
      const { mpesa, pesaflow, ...given } = c.req.valid('json')
      if (mpesa) refuseUncallableOf(context, mpesa)
      const { merchant_id, mode } = caller
      const update = { merchant_id, mode, ...c.req.valid('param'), ...given, mpesa, pesaflow }
      return c.json(succeeded(presentAccount(await updateAccount(context, update))), 200)
    })
}
