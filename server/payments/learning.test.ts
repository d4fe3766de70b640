import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newReference } from '../../testing/scene.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { newId, parseId } from '../id.ts'
import type { PaymentEvidence } from './evidence.ts'
import type { Payment } from './payment.ts'
import { settlePayments } from './settle.ts'

/** A payment that waits for its payer. A phone is asked for one at a time. */
async function pending({ context, pay }: Story, phone: string): Promise<Payment> {
  const { id } = await pay({ phone, account_reference: newReference() })
  return read(context, parseId('pay', id)!)
}

function read({ database }: Story['context'], id: string): Promise<Payment> {
  return database.one<Payment>(sql`select * from payments where id = ${id}`)
}

/** What a payment became, but for what is its own. */
function shapeOf(payment: Payment, is: Payment) {
  const own = ['id', 'sent_reference', 'reference_key', 'account_reference', 'lane', 'idempotency_key']
  const shape = Object.entries(payment).filter(([name]) => !own.includes(name))
  return Object.fromEntries(
    shape.map(([name, value]) => [name, value !== null && value === is[name as keyof Payment] ? 'as it was' : value]),
  )
}

const later = new Date('2026-12-24T12:00:00Z')

const learnt: [what: string, evidence: Partial<PaymentEvidence>][] = [
  ['an acceptance once more', { source: 'ack', provider_outcome: 'accepted', check_at: later }],
  [
    'what a provider takes on top, and its page',
    { source: 'ack', commission_cents: 500, checkout_url: 'https://p.test/1' },
  ],
  ['that nobody knows', { source: 'ack', provider_outcome: 'unknown', message: 'No answer.', check_at: later }],
  ['an open answer of a check', { source: 'query', provider_code: '4999', message: 'Under way.', check_at: later }],
  ['another request', { source: 'query', provider_ref: 'ws_CO_another' }],
  ['what an address says that is not the provider’s', { source: 'callback', doubt: 'outside' }],
  ['what a wrong signature says', { source: 'callback', doubt: 'forged', provider_ref: undefined }],
]

for (const [what, evidence] of learnt)
  test(`what teaches no verdict does the same alone as beside one that does: ${what}`, () =>
    story({}, async (told) => {
      const { context } = told
      const [alone, beside, other] = (await Promise.all(
        ['0711000001', '0711000002', '0711000003'].map((phone) => pending(told, phone)),
      )) as [Payment, Payment, Payment]
      const of = ({ merchant_id, id }: Payment, more: Partial<PaymentEvidence>): PaymentEvidence => {
        const at = context.clock.now()
        return { id: newId(at), merchant_id, payment_id: id, source: 'callback', verdict: null, at, ...more }
      }
      const [first] = await settlePayments(context, [of(alone, evidence)])
      const success = { verdict: 'success', receipt: 'UKK7ABCDEF', amount_cents: other.amount_cents } as const
      const [second, third] = await settlePayments(context, [of(beside, evidence), of(other, success)])
      assert.equal(third, 'completed')
      assert.equal(first, second)
      const [left, right] = [await read(context, alone.id), await read(context, beside.id)]
      assert.deepEqual(shapeOf(left, alone), shapeOf(right, beside))
      const rows = await context.database.query<{ subject_id: string }>(sql`
        select subject_id, source, verdict, effect, provider_code, message, receipt, amount_cents, at from evidence
        where subject_id in (${alone.id}, ${beside.id}) and source = ${evidence.source} order by subject_id, id desc`)
      const lastOf = ({ id }: Payment) => ({ ...rows.find(({ subject_id }) => subject_id === id), subject_id: '' })
      assert.deepEqual(lastOf(alone), lastOf(beside))
    }))
