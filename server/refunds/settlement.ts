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
import { paymentNews } from '../payments/event.ts'
import { changes } from './changes.ts'
import { refundNews } from './event.ts'
import type { RefundEvidence } from './evidence.ts'
import { givenBack, learntOfPayments, moved, takenBack } from './given-back.ts'

/** The one statement that settles refunds, at most one fact for each, and with them the payments and the money that they give back. */
export function settlement(context: Context, round: Fact<RefundEvidence>[]): Sql {
  return sql`
    with facts as (select * from ${factRows(context, round)}),
    settled as (
      update refunds r ${changes}
      from facts f
      where f.leads and r.merchant_id = f.merchant_id and r.id = f.refund_id
      returning r.*, f.id as evidence_id, f.payment_evidence_id, f.gone_at
    ),
    moved as (${moved}),
    given_back as (${givenBack(context.clock.now())}),
    taken_back as (${takenBack}),
    ${told},
    ${toldOfPayments},
    bodies as (${callbackRows(callbacksOf(round))}),
    learnt as (${learntOfRefunds} on conflict do nothing),
    learnt_of_payments as (${learntOfPayments})
    select f.id, ${did} as effect, f.refund_id as subject_id, s.payment_id, s.merchant_id
    from facts f left join settled s on s.evidence_id = f.id`
}

function factRows({ clock }: Context, round: Fact<RefundEvidence>[]): Sql {
  const now = clock.now()
  const facts = rowsOf(round, ({ gone_at, at }) => ({
    gone_at: gone_at ?? at,
    event_id: newId(now),
    payment_event_id: newId(now),
    payment_evidence_id: newId(now),
  }))
  return rows(facts, 'f', {
    ...evidenceTypes,
    refund_id: 'uuid',
    payment_id: 'uuid',
    original_receipt: 'text',
    conversation_id: 'text',
    originator_conversation_id: 'text',
    gone_at: 'timestamptz',
    event_id: 'uuid',
    payment_event_id: 'uuid',
    payment_evidence_id: 'uuid',
  })
}

// What does not depend on the facts is put together once.
const did = effectOn('refund')
const learntOfRefunds = learnt('refund')

const told = tell({
  noun: 'refund',
  from: sql`settled s join facts f on f.id = s.evidence_id where s.settled_by = f.id`,
  data: refundNews,
})

const toldOfPayments = tell({
  noun: 'payment',
  from: sql`given_back s join (select payment_evidence_id as id, payment_event_id as event_id, at from facts) f on f.id = s.settled_by`,
  data: paymentNews,
})
