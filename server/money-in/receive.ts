import type { Callback } from '../callbacks/callback.ts'
import { callbackRows } from '../callbacks/store.ts'
import type { Context } from '../context.ts'
import { again } from '../database/collision.ts'
import { columns, listText, rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { tell } from '../events/tell.ts'
import { newId } from '../id.ts'
import { moneyNews } from './event.ts'
import { nameOf } from './money-in.ts'
import type { MoneyIn } from './money-in.ts'

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
  for (const merchant of new Set(made.map(({ merchant_id }) => merchant_id))) context.signals.changed(merchant)
  const entries = new Map(made.map((money) => [nameOf(money), money]))
  return batch.map((money) => (first.get(nameOf(money)) === money ? entries.get(nameOf(money)) : undefined))
}

/** The provider itself tells of money that was only known from its records: its payment is looked for as if the money were new. */
const isFirstHeard = sql`(m.payment_id is null and m.callback_id is null and excluded.callback_id is not null)`

function entry(context: Context, batch: Received[], bodies: Callback[]): Sql {
  return sql`
    with arrived as (select * from ${arrivedRows(context, batch)}),
    entered as (
      insert into money_in as m ${columns<Partial<MoneyIn>>({
        merchant_id: sql`a.merchant_id`,
        provider: sql`a.provider`,
        environment: sql`a.environment`,
        receipt: sql`a.receipt`,
        id: sql`a.money_id`,
        provider_account_id: sql`a.provider_account_id`,
        amount_cents: sql`a.amount_cents`,
        kind: sql`a.kind`,
        phone: sql`a.phone`,
        phone_masked: sql`a.phone_masked`,
        phone_hash: sql`a.phone_hash`,
        payer_name: sql`a.payer_name`,
        reference: sql`a.reference`,
        paid_at: sql`a.paid_at`,
        match_at: sql`a.match_at`,
        unmatched_because: sql`a.unmatched_because`,
        candidates: sql`a.candidates::uuid[]`,
        callback_id: sql`a.callback_id`,
        created_at: context.clock.now(),
      })}
      from arrived a
      on conflict (merchant_id, provider, environment, receipt) do update set
        payer_name = coalesce(m.payer_name, excluded.payer_name),
        callback_id = coalesce(m.callback_id, excluded.callback_id),
        match_at = case when ${isFirstHeard} then excluded.match_at else m.match_at end,
        unmatched_because = case when ${isFirstHeard} then excluded.unmatched_because
          when m.payment_id is null then coalesce(excluded.unmatched_because, m.unmatched_because) end,
        candidates = case when m.payment_id is null and not ${isFirstHeard} then coalesce(excluded.candidates, m.candidates) end
        where ${isFirstHeard} or (m.payer_name is null and excluded.payer_name is not null)
          or (m.payment_id is null and excluded.unmatched_because is not null)
      returning *
    ),
    ${told},
    bodies as (${callbackRows(bodies)})
    select m.* from entered m join arrived a on a.money_id = m.id`
}

function arrivedRows({ clock }: Context, batch: Received[]): Sql {
  const now = clock.now()
  const arrived = batch.map(({ candidates, ...money }) => ({
    ...money,
    candidates: candidates && listText(candidates),
    callback_id: money.callback?.id,
    money_id: newId(now),
    event_id: newId(now),
  }))
  return rows(arrived, 'a', {
    merchant_id: 'uuid',
    provider: 'text',
    environment: 'text',
    provider_account_id: 'uuid',
    receipt: 'text',
    amount_cents: 'bigint',
    kind: 'text',
    phone: 'text',
    phone_masked: 'text',
    phone_hash: 'text',
    payer_name: 'text',
    reference: 'text',
    paid_at: 'timestamptz',
    match_at: 'timestamptz',
    unmatched_because: 'text',
    candidates: 'text',
    callback_id: 'uuid',
    money_id: 'uuid',
    event_id: 'uuid',
  })
}

const told = tell({
  noun: 'c2b',
  from: sql`(select *, 'received' as status, 1 as version from entered where kind = 'c2b') s
    join (select money_id, event_id from arrived) a on a.money_id = s.id
    cross join lateral (select a.event_id, s.created_at as at) f`,
  data: moneyNews,
})
