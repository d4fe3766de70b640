import { sql } from '../../server/database/sql.ts'
import { toUuid } from '../../server/id.ts'
import { enablePayouts } from '../../server/payouts/enable.ts'
import { makeToken } from '../../server/token.ts'
import type { TokenKind } from '../../server/token.ts'
import { atOnce } from '../at-once.ts'
import { until } from '../command.ts'
import { bodiesAbout } from '../requests/callbacks.ts'
import type { Told } from '../requests/callbacks.ts'
import type { Target } from './target.ts'

/** What is there before anything strange is asked: ids of all nouns, addresses of callbacks, and statements of the money so far. */
export type Known = { ids: string[]; payments: string[]; told: Told[]; statements: Buffer[] }

const asking = { amount: 100, account_reference: 'TABLE-4' }

/** Makes a shop with something of everything, of which `payments` are waiting for their payer. */
export async function prepare(target: Target, payments: number): Promise<Known> {
  const { call, control, context } = target
  const merchant = (await call('GET', '/v1/merchant')).data
  const merchant_id = toUuid(merchant.id.slice('mer_'.length))
  await enablePayouts(
    { ...context, actor: 'user:owner', isOwner: true },
    { merchant_id, daily_limit_cents: 100_000_000, approval_above_cents: null },
  )
  const made = async (path: string, body: unknown): Promise<any> => {
    const answer = await call('POST', path, body)
    if (!answer.success) throw new Error(`${path}: ${JSON.stringify(answer)}`)
    return answer.data
  }
  const indexes = Array.from({ length: payments }, (_, index) => index)
  const pending = await atOnce(indexes, 8, (index) =>
    made('/v1/payments', { ...asking, amount: 1 + (index % 500), phone: `2547110${String(index).padStart(5, '0')}` }),
  )
  const paid = await atOnce(indexes.slice(0, 12), 4, (index) =>
    made('/v1/payments', { amount: 1_000 + index, phone: '0708374149', account_reference: `PAID-${index}` }),
  )
  await until(async () => (await call('GET', '/v1/payments?status=completed&limit=100')).data.length >= paid.length)
  const checkouts = await atOnce(indexes.slice(0, 8), 4, () => made('/v1/payments', { amount: 50 }))
  const refunds = await atOnce(paid.slice(0, 4), 2, ({ id }) => made('/v1/refunds', { payment_id: id, amount: 5 }))
  const payouts = await atOnce([0, 1, 2, 3], 2, (index) =>
    made('/v1/payouts', { amount: 10 + index, phone: '0712345678', kind: 'b2c' }),
  )
  const endpoint = await made('/v1/webhook-endpoints', { url: 'http://localhost:9/hook' })
  const key = await made('/v1/api-keys', { name: 'to be ended', scopes: ['payments:read'] })
  for (const receiver of [0, 1, 2])
    await control('POST', `/phones/25470000000${receiver}/pay`, {
      shortcode: '174379',
      amount: 77,
      reference: 'NOBODY',
    })
  const run = await call('POST', '/v1/reconciliation/runs', {})
  const listed = await Promise.all(
    ['events', 'deliveries', 'money-in'].map(async (noun) => (await call('GET', `/v1/${noun}?limit=20`)).data ?? []),
  )
  return {
    payments: [...pending, ...checkouts].map(({ id }) => id),
    ids: [
      ...[
        ...paid.slice(0, 6),
        ...pending.slice(0, 10),
        ...checkouts.slice(0, 3),
        ...refunds,
        ...payouts,
        endpoint,
        key,
        run.data ?? {},
        merchant,
      ].map(({ id }) => id ?? 'x'),
      ...listed.flat().map(({ id, receipt }: { id?: string; receipt?: string }) => id ?? receipt ?? 'x'),
      'UKK7X2M4QA',
    ],
    told: await addresses(target, merchant_id),
    statements: await statementsOf(target),
  }
}

type Subject = {
  kind: TokenKind
  id: string
  ref?: string | null
  other?: string | null
  amount?: number
  receipt?: string
}

/** The address of everything that a provider may tell about, and what it would tell there. */
async function addresses({ context }: Target, merchant_id: string): Promise<Told[]> {
  const { id: account_id } = await context.database.one<{ id: string }>(
    sql`select provider_account_id as id from payments where merchant_id = ${merchant_id} limit 1`,
  )
  const subjects = await context.database.query<Subject>(sql`
    select 'payment' as kind, id, provider_ref as ref, merchant_request_id as other, amount_cents / 100 as amount from payments
    union all select 'refund', id, originator_conversation_id, conversation_id, amount_cents / 100 from refunds
    union all select 'payout', id, originator_conversation_id, conversation_id, amount_cents / 100 from payouts`)
  const ofAccount = (['c2b', 'pull', 'status', 'balance'] as const).map((kind) => ({ kind, id: account_id }))
  const ofNobody = (['payment', 'refund', 'payout'] as const).map((kind) => ({
    kind,
    id: merchant_id,
  }))
  // What belongs to an account is one of many here, and comes as often as a tenth of all.
  const often = Array.from({ length: Math.ceil(subjects.length / 10 / ofAccount.length) }, () => ofAccount).flat()
  const all: Subject[] = [...subjects, ...often, ...ofAccount, ...ofNobody]
  const tokens = all.map((subject, index) => ({
    token: makeToken(context.config.secretKeys, {
      provider: 'mpesa',
      merchant_id,
      kind: subject.kind,
      subject_id: subject.id,
    }),
    bodies: bodiesAbout({ ...subject, receipt: `UKQ${String(index).padStart(7, '0')}` }),
  }))
  const elsewhere = makeToken(context.config.secretKeys, {
    provider: 'pesaflow',
    merchant_id,
    kind: 'payment',
    subject_id: account_id,
  })
  return [...tokens, { token: elsewhere, bodies: bodiesAbout({ kind: 'payment' }) }]
}

async function statementsOf({ simulatorUrl }: Target): Promise<Buffer[]> {
  const files = ['full', 'seven', 'old'].flatMap((layout) => [
    `statement.csv?shortcode=174379&layout=${layout}`,
    `statement.csv?shortcode=174379&layout=${layout}&encoding=utf-16`,
    `statement.csv?shortcode=174379&layout=${layout}&separator=;`,
    `statement.xlsx?shortcode=174379&layout=${layout}`,
  ])
  return Promise.all(
    files.map(async (file) => Buffer.from(await (await fetch(`${simulatorUrl}/_/${file}`)).arrayBuffer())),
  )
}
