import type { Scope } from '../access/scope.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { showing } from '../evidence/attention.ts'
import type { Prefix } from '../id.ts'

/** What can need a person. */
export const kinds = ['payment', 'refund', 'payout', 'outside_payment', 'money_in', 'callback', 'stray', 'run'] as const
export type Kind = (typeof kinds)[number]

/** One place where something that needs a person stands, in SQL over its rows, named `t`. */
export type Source = {
  kind: Kind
  prefix: Prefix
  table: string
  read: Scope
  write: Scope
  /** True for the rows that need a person. */
  needs: Sql
  /** Whether the merchant is told; what anybody can post is only shown. */
  isTold: boolean
  /** What becomes of a row when a person has looked at these reasons. Other reasons stay. */
  resolve(reasons: string[], now: Date): Sql
  columns: Record<Column, Sql>
}

/** What is shown of every kind; null where it has no such thing. */
const column = {
  environment: sql`null::text`,
  reasons: sql`null::text[]`,
  since: sql`null::timestamptz`,
  status: sql`null::text`,
  amount_cents: sql`null::bigint`,
  receipt: sql`null::text`,
  reference: sql`null::text`,
  phone: sql`null::text`,
  payer_name: sql`null::text`,
  problem: sql`null::text`,
  body: sql`null::bytea`,
}
type Column = keyof typeof column

const ofRow = (...names: string[]) => Object.fromEntries(names.map((name) => [name, raw(`t.${name}`)]))

/** A row that says itself why it needs a person. */
const flagged = {
  needs: sql`t.needs_attention is not null`,
  isTold: true,
  resolve: (reasons: string[], now: Date) =>
    showing(
      't',
      sql`nullif(array(select unnest(t.needs_attention) except select unnest(${reasons}::text[])), '{}')`,
      now,
    ),
  columns: {
    ...column,
    ...ofRow('environment', 'status'),
    reasons: sql`t.needs_attention`,
    since: sql`t.attention_since`,
  },
}

/** A row that needs a person by what it is, until one has looked. */
const looked = (_: string[], now: Date) => sql`set looked_at = ${now}`

/** Every place where something can need a person. */
export const sources: Source[] = [
  {
    ...flagged,
    kind: 'payment',
    prefix: 'pay',
    table: 'payments',
    read: 'payments:read',
    write: 'payments:write',
    columns: {
      ...flagged.columns,
      ...ofRow('amount_cents', 'phone', 'payer_name'),
      receipt: sql`t.provider_receipt`,
      reference: sql`t.sent_reference`,
    },
  },
  {
    ...flagged,
    kind: 'refund',
    prefix: 'ref',
    table: 'refunds',
    read: 'refunds:read',
    write: 'refunds:write',
    columns: { ...flagged.columns, ...ofRow('amount_cents'), receipt: sql`t.payment_receipt` },
  },
  {
    ...flagged,
    kind: 'payout',
    prefix: 'pot',
    table: 'payouts',
    read: 'payouts:read',
    write: 'payouts:write',
    columns: {
      ...flagged.columns,
      ...ofRow('amount_cents', 'phone'),
      receipt: sql`t.provider_receipt`,
      reference: sql`t.account_reference`,
      payer_name: sql`t.receiver_name`,
    },
  },
  {
    kind: 'outside_payment',
    prefix: 'out',
    table: 'outside_payments',
    read: 'invoices:read',
    write: 'invoices:write',
    needs: sql`t.status = 'awaiting_approval' and t.looked_at is null`,
    isTold: true,
    resolve: looked,
    columns: {
      ...column,
      ...ofRow('environment', 'status', 'amount_cents'),
      reasons: sql`array['second_look']`,
      since: sql`t.created_at`,
      reference: sql`t.alternate_reference`,
    },
  },
  {
    kind: 'money_in',
    prefix: 'min',
    table: 'money_in',
    read: 'payments:read',
    write: 'payments:write',
    // What waits for its payment, and what went back or is on its way, needs nobody.
    needs: sql`t.payment_id is null and t.match_at is null and t.looked_at is null
      and t.reversed_cents + t.reserved_cents < t.amount_cents`,
    isTold: true,
    resolve: looked,
    columns: {
      ...column,
      ...ofRow('environment', 'amount_cents', 'receipt', 'reference', 'payer_name'),
      reasons: sql`array[coalesce(t.unmatched_because, 'no_payment')]`,
      since: sql`t.created_at`,
      phone: sql`coalesce(t.phone, t.phone_masked)`,
    },
  },
  {
    kind: 'callback',
    prefix: 'cbk',
    table: 'callbacks',
    read: 'payments:read',
    write: 'payments:write',
    needs: sql`t.problem is not null and t.settle_at is null and t.looked_at is null`,
    isTold: true,
    resolve: looked,
    columns: {
      ...column,
      ...ofRow('problem', 'body'),
      // A body has the environment of what its token names.
      environment: sql`coalesce(
        (select a.environment from provider_accounts a where a.id = t.subject_id),
        (select p.environment from payments p where p.merchant_id = t.merchant_id and p.id = t.subject_id),
        (select r.environment from refunds r where r.merchant_id = t.merchant_id and r.id = t.subject_id),
        (select p.environment from payouts p where p.merchant_id = t.merchant_id and p.id = t.subject_id))`,
      reasons: sql`array['not_acted_on']`,
      since: sql`t.received_at`,
    },
  },
  {
    kind: 'stray',
    prefix: 'str',
    table: 'strays',
    read: 'payments:read',
    write: 'payments:write',
    // Money that is in the books was told by somebody who is believed.
    needs: sql`t.receipt is not null and t.looked_at is null and not exists (select from money_in m
      where m.merchant_id = t.merchant_id and m.receipt = t.receipt)`,
    isTold: false,
    resolve: looked,
    columns: {
      ...column,
      ...ofRow('environment', 'receipt', 'body'),
      reasons: sql`array['without_token']`,
      since: sql`t.received_at`,
    },
  },
  {
    ...flagged,
    kind: 'run',
    prefix: 'rec',
    table: 'reconciliation_runs',
    read: 'reconciliation:read',
    write: 'payments:write',
  },
]

/** The select of what a source shows of its rows `t`, in the order that all share. */
export function itemsOf({ kind, columns }: Source): Sql {
  const shown = Object.keys(column) as Column[]
  const list = shown.reduce((before, name) => sql`${before}, ${columns[name]} as ${raw(name)}`, sql``)
  return sql`${raw(`'${kind}'`)}::text as kind, t.merchant_id, t.id${list}`
}
