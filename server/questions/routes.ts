import { createRoute, z } from '@hono/zod-openapi'
import { succeeded, success } from '../api/answer.ts'
import { createRoutes, needs } from '../api/create-routes.ts'
import { failures } from '../api/failure.ts'
import { accountOfCaller } from '../accounts/named.ts'
import { accountQuery } from '../api/schema.ts'
import type { Account } from '../accounts/account.ts'
import { normalReceipt } from '../receipt.ts'
import { acceptance, presentAcceptance } from './acceptance.ts'
import { askBalance } from './ask-balance.ts'
import { checkStatus } from './ask-status.ts'

const receiptSchema = z
  .string()
  .max(80)
  .transform((text, context) => {
    const receipt = normalReceipt(text)
    if (receipt && /^[A-Z0-9]{6,20}$/.test(receipt)) return receipt
    context.addIssue({ code: 'custom', message: 'An M-Pesa code has letters and digits only, such as UKK7X2M4QA.' })
    return z.NEVER
  })
  .openapi({ type: 'string', example: 'UKK7X2M4QA' })

const amount = z.string().openapi({ example: '228037.00' })

const balance = z
  .object({
    environment: z.enum(['simulator', 'sandbox', 'live']),
    shortcode: z.string(),
    accounts: z.array(
      z.object({
        name: z.string().openapi({ example: 'Utility Account' }),
        currency: z.string().openapi({ example: 'KES' }),
        current: amount,
        available: amount,
        reserved: amount,
        uncleared: amount,
      }),
    ),
    as_of: z.string().nullable(),
    problem: z.string().nullable(),
  })
  .openapi('Balance')

const ask = createRoute({
  method: 'post',
  path: '/mpesa/balance',
  tags: ['M-Pesa'],
  summary: 'Ask M-Pesa what the short code holds',
  description: 'Answers that the question was taken. The balance comes some seconds later: read it with GET.',
  middleware: needs('merchant:read'),
  request: { query: accountQuery },
  responses: { 200: success(acceptance, 'The question was taken'), ...failures },
})

const show = createRoute({
  method: 'get',
  path: '/mpesa/balance',
  tags: ['M-Pesa'],
  summary: 'The last balance that M-Pesa told, with its time',
  description: 'as_of is null while none was told yet; problem says why the last question has no answer.',
  middleware: needs('merchant:read'),
  request: { query: accountQuery },
  responses: { 200: success(balance, 'The balance'), ...failures },
})

const status = createRoute({
  method: 'post',
  path: '/payments/mpesa/check-status/{receipt}',
  tags: ['Payments'],
  summary: 'Ask M-Pesa what it knows of an M-Pesa code',
  description:
    'Answers that the question was taken. What M-Pesa knows comes some seconds later: it updates the payment, or is shown as unmatched money. Needs an API operator.',
  middleware: needs('payments:write'),
  request: { params: z.strictObject({ receipt: receiptSchema }), query: accountQuery },
  responses: { 200: success(acceptance, 'The question was taken'), ...failures },
})

/** What M-Pesa is asked by hand, over HTTP: what became of a receipt, and what the short code holds. */
export function questionRoutes() {
  return createRoutes()
    .openapi(status, async (c) => {
      const { context, caller } = c.var
      const { receipt } = c.req.valid('param')
      const { merchant_id, mode } = caller
      const data = presentAcceptance(
        await checkStatus(context, { merchant_id, mode, receipt, ...c.req.valid('query') }),
      )
      return c.json(succeeded(data), 200)
    })
    .openapi(ask, async (c) => {
      const data = presentAcceptance(await askBalance(c.var.context, { ...c.var.caller, ...c.req.valid('query') }))
      return c.json(succeeded(data), 200)
    })
    .openapi(show, async (c) => {
      const named = { provider: 'mpesa', ...c.req.valid('query') } as const
      const data = present(await accountOfCaller(c.var.context, c.var.caller, named))
      return c.json(succeeded(data), 200)
    })
}

function present({ environment, shortcode, balance: accounts, balance_at, balance_problem }: Account) {
  const as_of = balance_at?.toISOString() ?? null
  return { environment, shortcode, accounts: accounts ?? [], as_of, problem: balance_problem }
}
