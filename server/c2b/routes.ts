import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import {
  accountQuery,
  accountSchema,
  amountSchema,
  body,
  optional,
  optionalBody,
  referenceSchema,
  textSchema,
  withDefault,
} from '../api/schema.ts'
import { showPath } from '../log.ts'
import { accountOfCaller } from '../accounts/named.ts'
import type { Mode } from '../access/key.ts'
import { Problem } from '../problem.ts'
import type { Context } from '../context.ts'
import { readEndpointUrl } from '../webhooks/endpoint-url.ts'
import { toShillings } from '../money.ts'
import { drawQrCode } from './qr.ts'
import { registerC2b } from './register.ts'
import type { MoneyRegistration } from './register.ts'
import { ruleOf, rules, setRule } from './rule.ts'
import type { Rule } from './rule.ts'

const tags = ['C2B']

const registration = z
  .object({
    shortcode: z.string(),
    environment: z.string(),
    confirmation_url: z.string(),
    validation_url: z.string(),
    default_action: z.enum(['accept', 'reject']),
    already_registered: z.boolean(),
    notes: z.array(z.string()),
  })
  .openapi('C2bRegistration')

const register = createRoute({
  method: 'post',
  path: '/mpesa/c2b/register',
  tags,
  summary: 'Hear of payments that customers make from the M-PESA menu',
  description:
    'Registers the confirmation and validation addresses of the short code, once. "Already registered" is a success. default_action is what Safaricom does with a payment while nobody answers the validation.',
  middleware: needs('merchant:write'),
  request: {
    query: accountQuery,
    body: optionalBody(
      z.strictObject({ default_action: optional(z.enum(['accept', 'reject'])) }).openapi('C2bRegistrationRequest'),
    ),
  },
  responses: { 200: success(registration, 'Where Safaricom tells of such payments, tokens cut short'), ...failures },
})

const drawn = z
  .object({
    shortcode: z.string().openapi({ description: 'Who is paid by it: the till, or the paybill.' }),
    environment: z.string(),
    amount: z.string(),
    account_reference: z.string(),
    content_type: z.literal('image/png'),
    image: z.string().openapi({ description: 'The picture, in base64.' }),
  })
  .openapi('QrCode')

const draw = createRoute({
  method: 'post',
  path: '/mpesa/qr',
  tags,
  summary: 'Have M-Pesa draw a QR code that its app pays',
  description:
    'For a counter, a bill or a wall. What customers pay by it comes as money in with this account_reference: register the short code first, with POST /v1/mpesa/c2b/register.',
  middleware: needs('payments:write'),
  request: {
    body: body(
      z
        .strictObject({
          amount: amountSchema,
          account_reference: referenceSchema,
          account: optional(accountSchema),
          merchant_name: optional(textSchema(100)).openapi({
            description: 'As the app shows it; your name by default.',
          }),
          size: withDefault(z.number().int().min(100).max(1_000), 300).openapi({
            description: 'Its width and height, in pixels.',
          }),
        })
        .openapi('QrCodeRequest'),
    ),
  },
  responses: { 200: success(drawn, 'The code'), ...failures },
})

const reference = referenceSchema.pipe(textSchema(20))

const ruleSchema = z
  .strictObject({
    accepts: z.enum(rules),
    known_references: withDefault(z.array(reference).max(1_000), []).openapi({
      description: 'Known beside the references of pending payments.',
    }),
    url: optional(z.string().max(500)).openapi({
      description:
        'Your server. It is posted the payment and answers {"accept": true} or {"accept": false} within 4 seconds.',
    }),
  })
  .openapi('C2bRuleRequest')

const shownRule = z
  .object({
    accepts: z.enum(rules),
    known_references: z.array(z.string()),
    url: z.string().nullable(),
    default_action: z.enum(['accept', 'reject']),
  })
  .openapi('C2bRule')

const setTheRule = createRoute({
  method: 'put',
  path: '/mpesa/c2b/rule',
  tags,
  summary: 'Say which payments from the M-PESA menu are let in',
  description:
    'Holds where Safaricom has enabled validation for the short code. all: every one; known_reference: with the reference of a pending payment, or one of known_references; exact_amount: with the reference and the amount of a pending payment; what_url_accepts: what your own server accepts.',
  middleware: needs('merchant:write'),
  request: { query: accountQuery, body: body(ruleSchema) },
  responses: { 200: success(shownRule, 'The rule'), ...failures },
})

const showTheRule = createRoute({
  method: 'get',
  path: '/mpesa/c2b/rule',
  tags,
  summary: 'Which payments from the M-PESA menu are let in',
  description: 'The rule by which a validation is answered.',
  middleware: needs('merchant:read'),
  request: { query: accountQuery },
  responses: { 200: success(shownRule, 'The rule'), ...failures },
})

/** C2B over HTTP: payments that customers make from the M-PESA menu. */
export function c2bRoutes() {
  return createRoutes()
    .openapi(register, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, { provider: 'mpesa', ...c.req.valid('query') })
      const { default_action = account.c2b_default_action } = c.req.valid('json')
      return c.json(succeeded(present(await registerC2b(context, account, default_action), default_action)), 200)
    })
    .openapi(draw, async (c) => {
      const { context, caller } = c.var
      const { account: named, amount: amount_cents, account_reference, ...shown } = c.req.valid('json')
      const { merchant_name, size: size_pixels } = shown
      const account = await accountOfCaller(context, caller, { provider: 'mpesa', account: named })
      const reference = account_reference
      const image = await drawQrCode(context, account, { amount_cents, reference, merchant_name, size_pixels })
      const { environment, shortcode: own, till } = account
      const of = { shortcode: till ?? own, environment, amount: toShillings(amount_cents), account_reference }
      return c.json(succeeded({ ...of, content_type: 'image/png' as const, image }), 200)
    })
    .openapi(setTheRule, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, { provider: 'mpesa', ...c.req.valid('query') })
      const rule = await readRule(context, c.req.valid('json'), caller)
      const { c2b_default_action: default_action } = account
      return c.json(succeeded({ ...(await setRule(context, account, rule)), default_action }), 200)
    })
    .openapi(showTheRule, async (c) => {
      const { context, caller } = c.var
      const account = await accountOfCaller(context, caller, { provider: 'mpesa', ...c.req.valid('query') })
      const { c2b_default_action: default_action } = account
      return c.json(succeeded({ ...(await ruleOf(context, account)), default_action }), 200)
    })
}

async function readRule(
  context: Context,
  { accepts, known_references, url }: z.infer<typeof ruleSchema>,
  caller: { merchant_id: string; mode: Mode },
): Promise<Rule> {
  const asksUrl = accepts === 'what_url_accepts'
  if (asksUrl !== (url !== undefined)) {
    throw new Problem('invalid_request', 'A url belongs to "accepts": "what_url_accepts", and to nothing else.', 'url')
  }
  return { accepts, known_references, url: url === undefined ? null : await readEndpointUrl(context, url, caller) }
}

function present(
  { account, confirmation_url, validation_url, wasRegistered }: MoneyRegistration,
  default_action: 'accept' | 'reject',
): z.infer<typeof registration> {
  const { shortcode, environment } = account
  return {
    shortcode,
    environment,
    confirmation_url: showPath(confirmation_url),
    validation_url: showPath(validation_url),
    default_action,
    already_registered: wasRegistered,
    notes: notesOn(environment, wasRegistered),
  }
}

function notesOn(environment: MoneyRegistration['account']['environment'], wasRegistered: boolean): string[] {
  const validation =
    'Safaricom asks before a payment only where external validation is enabled for the short code: write to apisupport@safaricom.co.ke.'
  if (environment !== 'live')
    return ['Outside production the addresses can be registered again at any time.', validation]
  const once = wasRegistered
    ? 'Addresses were registered before, and Safaricom does not say which: compare them in the M-PESA organisation portal, under Self Services, URL Management.'
    : 'Safaricom registers once: to change the addresses, delete them first in the M-PESA organisation portal, under Self Services, URL Management.'
  return [once, validation]
}
