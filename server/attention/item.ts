import { z } from '@hono/zod-openapi'
import { showId } from '../id.ts'
import { toShillings } from '../money.ts'
import type { Environment } from '../providers/names.ts'
import { explainReason } from './reasons.ts'
import { kinds, sources } from './source.ts'
import type { Kind } from './source.ts'

/** One thing that needs a person, as it is read from where it stands. */
export type Item = {
  kind: Kind
  merchant_id: string
  id: string
  environment: Environment | null
  reasons: string[]
  since: Date
  status: string | null
  amount_cents: number | null
  receipt: string | null
  reference: string | null
  phone: string | null
  payer_name: string | null
  problem: string | null
  body: Buffer | null
}

const environments = ['simulator', 'sandbox', 'live'] as const satisfies Environment[]

const action = z.object({
  method: z.enum(['GET', 'POST']),
  path: z.string().openapi({ example: '/v1/payments/pay_0193a6c177b27d0e8f21c4d5e6f70812/check' }),
  message: z.string(),
})
type Action = z.infer<typeof action>

/** One thing that needs a person, as the outside sees it. */
export const itemSchema = z
  .object({
    id: z.string().openapi({ example: 'pay_0193a6c177b27d0e8f21c4d5e6f70812' }),
    kind: z.enum(kinds),
    environment: z.enum(environments).nullable(),
    reasons: z
      .array(z.object({ code: z.string(), message: z.string() }))
      .openapi({ description: 'All of them, not the last.' }),
    since: z.string().openapi({ format: 'date-time' }),
    status: z.string().nullable(),
    amount: z.string().nullable(),
    receipt: z.string().nullable(),
    account_reference: z.string().nullable(),
    phone: z.string().nullable(),
    payer_name: z.string().nullable(),
    body: z.string().nullable().openapi({ description: 'Of a callback: what was posted, as text, its beginning.' }),
    actions: z.array(action).openapi({ description: 'What can be done; resolving it is always among it.' }),
  })
  .openapi('AttentionItem')

const bodyLength = 4_000

/** Shows what needs a person, with all its reasons, and what can be done. */
export function presentItem(item: Item): z.infer<typeof itemSchema> {
  const id = shownIdOf(item)
  return {
    id,
    kind: item.kind,
    environment: item.environment,
    reasons: item.reasons.map((code) => ({
      code,
      message: item.problem ? `${explainReason(code)} ${item.problem}` : explainReason(code),
    })),
    since: item.since.toISOString(),
    status: item.status === 'created' ? 'pending' : item.status,
    amount: item.amount_cents === null ? null : toShillings(item.amount_cents),
    receipt: item.receipt,
    account_reference: item.reference,
    phone: item.phone,
    payer_name: item.payer_name,
    body: item.body && new TextDecoder().decode(item.body.subarray(0, bodyLength)),
    actions: [
      ...actionsOn(item, id),
      {
        method: 'POST',
        path: `/v1/attention/${id}/resolve`,
        message: 'Say in a note what came of it. It returns if there is a new reason.',
      },
    ],
  }
}

/** The id by which something that needs a person is known: that of its own noun. */
export function shownIdOf({ kind, id }: Pick<Item, 'kind' | 'id'>): string {
  return showId(sources.find((source) => source.kind === kind)!.prefix, id)
}

function actionsOn({ kind, status, receipt }: Item, id: string): Action[] {
  if (kind === 'payment') return actionsOnPayment(status, id)
  if (kind === 'refund') return [{ method: 'GET', path: `/v1/refunds/${id}`, message: 'Look at the refund.' }]
  if (kind === 'payout') return [{ method: 'GET', path: `/v1/payouts/${id}`, message: 'Look at the payout.' }]
  if (kind === 'outside_payment')
    return [
      { method: 'GET', path: `/v1/outside-payments/${id}`, message: 'See who recorded it, and why.' },
      {
        method: 'POST',
        path: `/v1/outside-payments/${id}/approve`,
        message: 'Agree, as another person than who recorded it: the invoice is paid by it.',
      },
      { method: 'POST', path: `/v1/outside-payments/${id}/reject`, message: 'Reject it: it pays nothing.' },
    ]
  if (kind === 'money_in')
    return [
      {
        method: 'POST',
        path: `/v1/money-in/${receipt}/assign`,
        message: 'Give it to the payment that it was meant for, or put it to invoices.',
      },
      {
        method: 'POST',
        path: `/v1/money-in/${receipt}/refund`,
        message: 'Send it back to its payer.',
      },
    ]
  if (kind === 'run')
    return [
      {
        method: 'GET',
        path: `/v1/reconciliation/runs/${id}/items?outcome=mismatched`,
        message: 'See what the two sides say.',
      },
    ]
  return [
    {
      method: 'POST',
      path: '/v1/reconciliation/statements',
      message: 'Upload the M-PESA statement of that day: it shows whether money moved.',
    },
  ]
}

function actionsOnPayment(status: Item['status'], id: string): Action[] {
  const look: Action = {
    method: 'GET',
    path: `/v1/payments/${id}/evidence`,
    message: 'See all that was learnt about it.',
  }
  if (status === 'completed')
    return [look, { method: 'POST', path: '/v1/refunds', message: 'Give the money back, all of it or a part.' }]
  if (status === 'pending' || status === 'created')
    return [look, { method: 'POST', path: `/v1/payments/${id}/check`, message: 'Ask M-PESA now.' }]
  return [look]
}
