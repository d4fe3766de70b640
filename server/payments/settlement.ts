import { callbackRows } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { tell } from '../events/tell.ts'
import { effectOn } from '../evidence/effect.ts'
import { callbacksOf, evidenceTypes, rowsOf } from '../evidence/evidence.ts'
import type { Fact } from '../evidence/evidence.ts'
import { learnt } from '../evidence/learnt.ts'
import { newId } from '../id.ts'
import { put } from '../invoices/put.ts'
import { changes, changesOfInvoice, changesOfLearning, changesOfTaking } from './changes.ts'
import { paymentNews } from './event.ts'
import type { PaymentEvidence } from './evidence.ts'
import { money } from './money.ts'
import { mayHaveInvoice } from './of-invoice.ts'

/**
 * The one statement that settles payments, at most one fact for each: what a payment is, has, tells and is known by, changes
 * whole, and with it the invoice that it is of.
 */
export function settlement(
  context: Context,
  round: Fact<PaymentEvidence>[],
  { takesOver = false }: { takesOver?: boolean } = {},
): Sql {
  if (round.every(({ evidence }) => evidence.verdict === null)) return learning(context, round)
  const hasInvoices = round.some(({ evidence }) => mayHaveInvoice(evidence.payment_id))
  return sql.named`
    with facts as (select * from ${factRows(context, round)}),
    settled as (
      update payments p ${takesOver ? changesOfTaking : hasInvoices ? changesOfInvoice : changes}
      from facts f
      where f.leads and p.merchant_id = f.merchant_id and p.id = f.payment_id
      returning p.merchant_id, p.id, p.provider_account_id, p.provider, p.environment, p.status, p.version, p.currency, p.amount_cents,
        p.commission_cents, p.received_cents, p.phone, p.sent_reference, p.external_reference, p.metadata, p.invoice_id, p.retry_of, p.provider_ref,
        p.provider_receipt, p.part_receipts, p.failure_code, p.failure_message, p.failure_provider_code, p.late, p.settled_by, p.last_effect, p.paid_at,
        f.id as evidence_id, f.at, f.verdict, f.event_id, f.invoice_event_id, f.money_id,
        f.paid_total_cents, f.receipt as named_receipt, f.amount_cents as named_amount_cents, f.paid_at as named_paid_at
    ),
    money as (${money}),
    ${told},
    ${hasInvoices ? sql`${put},` : sql``}
    bodies as (${callbackRows(callbacksOf(round))}),
    learnt as (${learntOfPayments})
    select f.id, ${did} as effect, f.payment_id as subject_id, s.merchant_id, s.invoice_id,
      s.last_effect = 'completed' and (s.late or s.retry_of is not null) as is_again
    from facts f left join settled s on s.evidence_id = f.id`
}

/** The same where no fact has a verdict: then nothing is settled, and nobody is told. */
function learning(context: Context, round: Fact<PaymentEvidence>[]): Sql {
  const callbacks = callbacksOf(round)
  return sql.named`
    with facts as (select * from ${factRows(context, round)}),
    settled as (
      update payments p ${changesOfLearning}
      from facts f
      where f.leads and p.merchant_id = f.merchant_id and p.id = f.payment_id
      returning p.merchant_id, p.invoice_id, p.last_effect, f.id as evidence_id
    ),
    ${callbacks.length > 0 ? sql`bodies as (${callbackRows(callbacks)}),` : sql``}
    learnt as (${learntOfPayments})
    select f.id, ${did} as effect, f.payment_id as subject_id, s.merchant_id, s.invoice_id, false as is_again
    from facts f left join settled s on s.evidence_id = f.id`
}

function factRows({ clock }: Context, round: Fact<PaymentEvidence>[]): Sql {
  const now = clock.now()
  const facts = rowsOf(round, () => ({ event_id: newId(now), invoice_event_id: newId(now), money_id: newId(now) }))
  return rows(facts, 'f', {
    ...evidenceTypes,
    payment_id: 'uuid',
    paid_at: 'timestamptz',
    provider_ref: 'text',
    merchant_request_id: 'text',
    paid_total_cents: 'bigint',
    commission_cents: 'bigint',
    checkout_url: 'text',
    event_id: 'uuid',
    invoice_event_id: 'uuid',
    money_id: 'uuid',
  })
}

// What does not depend on the facts is put together once.
const did = effectOn('payment')
const learntOfPayments = learnt('payment', sql`coalesce(f.amount_cents, f.paid_total_cents)`)

const told = tell({
  noun: 'payment',
  from: sql`settled s cross join lateral (select s.event_id, s.at) f where s.settled_by = s.evidence_id`,
  data: paymentNews,
})
