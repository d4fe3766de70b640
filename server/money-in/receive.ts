import { callbackRows } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Callback } from '../callbacks/callback.ts'
import { deliveriesOfTold } from '../events/tell.ts'
import type { MoneyIn, MoneyName } from './money-in.ts'
import { moneyEventBody } from './money-event.ts'

/** Money that somebody tells of: the provider at once, or its records later. */
export type Received = Pick<
  MoneyIn,
  | 'merchant_id'
  | 'provider'
  | 'environment'
  | 'provider_account_id'
  | 'receipt'
  | 'amount_cents'
  | 'kind'
  | 'phone'
  | 'phone_masked'
  | 'phone_hash'
  | 'payer_name'
  | 'reference'
  | 'paid_at'
> & {
  /** When to look for its payment; without a time somebody has looked already, and says why there is none. */
  match_at: Date | null
  unmatched_because?: string
  candidates?: string[]
  callback?: Callback
}

/**
 * Enters money in the books, once for each receipt, with the body that told of it, one `c2b.received` and its deliveries: all of
 * it in one statement. Of money that is there already only what was not known of it is added: the payer's name, and why no
 * payment explains it. Answers the row of each that was new.
 */
export async function receiveMoney(context: Context, batch: Received[]): Promise<(MoneyIn | undefined)[]> {
  const first = new Map(batch.toReversed().map((money) => [nameOf(money), money]))
  const entered = [...first.values()].sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1))
  const bodies = batch.flatMap(({ callback }) => callback ?? [])
  const made = await again(context, () => context.database.query<MoneyIn>(entry(context, entered, bodies)))
  if (made.length > 0) context.signals.wake('deliveries')
  const rows = new Map(made.map((money) => [nameOf(money), money]))
  return batch.map((money) => (first.get(nameOf(money)) === money ? rows.get(nameOf(money)) : undefined))
}

function nameOf(money: MoneyName): string {
  return [money.merchant_id, money.provider, money.environment, money.receipt].join(' ')
}

/** The provider itself tells of money that was only known from its records: its payment is looked for as if the money were new. */
const isFirstHeard = sql`(m.payment_id is null and m.callback_id is null and excluded.callback_id is not null)`

function entry(context: Context, batch: Received[], bodies: Callback[]): Sql {
  const now = context.clock.now()
  const column = <Value>(value: (money: Received) => Value) => batch.map(value)
  return sql`
    with arrived as (
      select * from unnest(
        ${column((m) => m.merchant_id)}::uuid[], ${column((m) => m.provider)}::text[], ${column((m) => m.environment)}::text[],
        ${column((m) => m.provider_account_id)}::uuid[], ${column((m) => m.receipt)}::text[], ${column((m) => m.amount_cents)}::bigint[],
        ${column((m) => m.kind)}::text[], ${column((m) => m.phone)}::text[], ${column((m) => m.phone_masked)}::text[],
        ${column((m) => m.phone_hash)}::text[], ${column((m) => m.payer_name)}::text[], ${column((m) => m.reference)}::text[],
        ${column((m) => m.paid_at)}::timestamptz[], ${column((m) => m.match_at)}::timestamptz[],
        ${column((m) => m.unmatched_because)}::text[], ${column((m) => m.candidates && `{${m.candidates.join()}}`)}::text[],
        ${column((m) => m.callback?.id)}::uuid[], ${column(() => newId(now))}::uuid[], ${column(() => newId(now))}::uuid[]
      ) as a (merchant_id, provider, environment, provider_account_id, receipt, amount_cents, kind, phone, phone_masked, phone_hash,
        payer_name, reference, paid_at, match_at, unmatched_because, candidates, callback_id, money_id, event_id)
    ),
    entered as (
      insert into money_in as m (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, kind, phone,
        phone_masked, phone_hash, payer_name, reference, paid_at, match_at, unmatched_because, candidates, callback_id, created_at)
      select merchant_id, provider, environment, receipt, money_id, provider_account_id, amount_cents, kind, phone,
        phone_masked, phone_hash, payer_name, reference, paid_at, match_at, unmatched_because, candidates::uuid[], callback_id, ${now}
      from arrived
      on conflict (merchant_id, provider, environment, receipt) do update set
        payer_name = coalesce(m.payer_name, excluded.payer_name),
        callback_id = coalesce(m.callback_id, excluded.callback_id),
        match_at = case when ${isFirstHeard} then excluded.match_at else m.match_at end,
        unmatched_because = case when m.payment_id is null and not ${isFirstHeard} then coalesce(excluded.unmatched_because, m.unmatched_because) end,
        candidates = case when m.payment_id is null and not ${isFirstHeard} then coalesce(excluded.candidates, m.candidates) end
        where ${isFirstHeard} or (m.payer_name is null and excluded.payer_name is not null)
          or (m.payment_id is null and excluded.unmatched_because is not null)
      returning *
    ),
    told as (
      insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
      select m.merchant_id, a.event_id, 'c2b.received', m.id, 1, case m.environment when 'live' then 'live' else 'test' end,
        ${moneyEventBody}, m.created_at
      from entered m join arrived a on a.money_id = m.id
      where m.kind = 'c2b'
      on conflict do nothing
      returning *
    ),
    to_deliver as (${deliveriesOfTold}),
    bodies as (${callbackRows(bodies)})
    select m.* from entered m join arrived a on a.money_id = m.id`
}
