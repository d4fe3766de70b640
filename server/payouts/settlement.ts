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
import { changes } from './changes.ts'
import { payoutNews } from './event.ts'
import type { PayoutEvidence } from './evidence.ts'

/** The one statement that settles payouts, at most one fact for each, and with them what counts against the limit of a day. */
export function settlement(context: Context, round: Fact<PayoutEvidence>[]): Sql {
  return sql`
    with facts as (select * from ${factRows(context, round)}),
    settled as (
      update payouts p ${changes}
      from facts f
      where f.leads and p.merchant_id = f.merchant_id and p.id = f.payout_id
      returning p.*, f.id as evidence_id
    ),
    counted as (${counted}),
    ${told},
    bodies as (${callbackRows(callbacksOf(round))}),
    learnt as (${learntOfPayouts})
    select f.id, ${did} as effect, f.payout_id as subject_id
    from facts f left join settled s on s.evidence_id = f.id`
}

function factRows({ clock }: Context, round: Fact<PayoutEvidence>[]): Sql {
  const now = clock.now()
  return rows(
    rowsOf(round, () => ({ event_id: newId(now) })),
    'f',
    {
      ...evidenceTypes,
      payout_id: 'uuid',
      paid_at: 'timestamptz',
      returned_at: 'timestamptz',
      receiver_name: 'text',
      conversation_id: 'text',
      originator_conversation_id: 'text',
      needs_attention: 'text',
      event_id: 'uuid',
    },
  )
}

// What does not depend on the facts is put together once.
const did = effectOn('payout')
const learntOfPayouts = learnt('payout')

const counted = sql`
      update payout_days d set used_cents = d.used_cents + c.cents
      from (
        select merchant_id, environment, counted_on, sum(case last_effect when 'failed' then -amount_cents else amount_cents end)::bigint as cents
        from settled where last_effect = 'failed' or (last_effect = 'completed' and late)
        group by merchant_id, environment, counted_on
      ) c
      where d.merchant_id = c.merchant_id and d.environment = c.environment and d.day = c.counted_on`

const told = tell({
  noun: 'payout',
  from: sql`settled s join facts f on f.id = s.evidence_id where s.settled_by = f.id`,
  data: payoutNews,
})
