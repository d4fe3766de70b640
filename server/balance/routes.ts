import { createRoute, z } from '@hono/zod-openapi'
import { createRoutes, failures, needs, success } from '../api.ts'
import { succeeded } from '../answer.ts'
import { accountOfCaller } from '../merchants/account.ts'
import type { Account } from '../merchants/account.ts'
import { acceptance, presentAcceptance } from '../payments/acceptance.ts'
import { askBalance } from './ask.ts'

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
  responses: { 200: success(acceptance, 'The question was taken'), ...failures },
})

const show = createRoute({
  method: 'get',
  path: '/mpesa/balance',
  tags: ['M-Pesa'],
  summary: 'The last balance that M-Pesa told, with its time',
  description: 'as_of is null while none was told yet; problem says why the last question has no answer.',
  middleware: needs('merchant:read'),
  responses: { 200: success(balance, 'The balance'), ...failures },
})

/** What the short code holds, over HTTP. */
export function balanceRoutes() {
  return createRoutes()
    .openapi(ask, async (c) => {
      const data = presentAcceptance(await askBalance(c.var.context, c.var.caller))
      return c.json(succeeded(data), 200)
    })
    .openapi(show, async (c) => {
      const data = present(await accountOfCaller(c.var.context, c.var.caller, 'mpesa'))
      return c.json(succeeded(data), 200)
    })
}

function present({ environment, shortcode, balance: accounts, balance_at, balance_problem }: Account) {
  const as_of = balance_at?.toISOString() ?? null
  return { environment, shortcode, accounts: accounts ?? [], as_of, problem: balance_problem }
}
