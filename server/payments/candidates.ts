import { fitsMask } from '@lango/daraja'
import type { Phone } from '@lango/daraja'
import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { isOfSlice, slicesSince } from '../api/slices.ts'
import { rows } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { firstIdOf } from '../id.ts'
import { normalReference } from '../reference.ts'
import type { Payment } from './payment.ts'

/** Money that looks for the payment it was meant for. */
export type Sought = {
  merchant_id: string
  provider_account_id: string
  amount_cents: number
  reference: string | null
  /** In full, or as the provider masked it. */
  phone: string | null
  phone_masked: string | null
  /** The moments at which it may have been paid: more than one where the provider leaves its time zone open. */
  paid_at: Date[]
}

const promptMs = 30 * 60_000
/** The provider's clock and ours are not one, and its times have no fractions of a second. */
const clockSlackMs = 60_000
const openMs = 49 * 3_600_000

/** Waits for money: not settled yet, given up for want of evidence, or completed by evidence that named no receipt. */
const isOpen = sql`(p.origin <> 'c2b' and (p.status in ('created', 'pending') or (p.status = 'failed' and p.failure_code = 'no_evidence')
  or (p.status = 'completed' and p.provider_receipt is null)))`

// A reference without letter or digit has no normal form, and is matched as it stands.
const hasReference = sql`p.merchant_id = s.merchant_id and p.reference_key = s.reference_key
  and (s.reference_key <> '' or p.sent_reference = s.reference)`

/** Among payments whose references have the same normal form, those with the very reference, if there are any. */
function exactFirst(payments: Payment[], reference: string | null): Payment[] {
  const exact = payments.filter(({ sent_reference }) => sent_reference === reference?.trim())
  return exact.length > 0 ? exact : payments
}

/**
 * For each, the payments of its account that wait for money and were sent with its reference and amount: those that are pending,
 * and those completed without a receipt that were made in the half hour before it. References are compared in their normal form;
 * where that makes several, the exact one wins.
 */
export async function findByReference(context: Context, sought: Sought[]): Promise<Payment[][]> {
  const now = context.clock.now()
  const since = later(now, -openMs)
  const windows = sought.flatMap((money, number) => windowsOf(money, number))
  const candidates = await context.database.query<Payment & { number: number }>(sql`
    with sought as (${soughtRows(windows)})
    select distinct s.number, p.* from sought s
    join payments p on ${hasReference} and p.id >= ${firstIdOf(since)} and ${isOfSlice(sql`p.id`, sql`any (${slicesSince(since, now)}::text[])`)}
    where p.provider_account_id = s.provider_account_id and p.amount_cents + p.commission_cents = s.amount_cents
      -- One that is made of money was not waiting for it.
      and p.origin <> 'c2b'
      and (p.status in ('created', 'pending')
        or (p.status = 'completed' and p.provider_receipt is null and p.id >= s.from_id and p.id < s.until_id))`)
  const found = Map.groupBy(candidates, ({ number }) => number)
  return sought.map(({ reference }, number) => exactFirst(found.get(number) ?? [], reference))
}

/** The amounts, in cents, of the pending payments of an account that were sent with a reference. */
export async function findAwaitedAmounts(
  context: Context,
  { merchant_id, id }: { merchant_id: string; id: string },
  reference: string,
): Promise<number[]> {
  const now = context.clock.now()
  const since = later(now, -openMs)
  const amounts = await context.database.query<{ cents: number }>(sql`
    select distinct amount_cents + commission_cents as cents from payments
    where merchant_id = ${merchant_id} and provider_account_id = ${id} and reference_key = ${normalReference(reference)}
      and status in ('created', 'pending') and id >= ${firstIdOf(since)}
      and ${isOfSlice(sql`id`, sql`any (${slicesSince(since, now)}::text[])`)}`)
  return amounts.map(({ cents }) => cents)
}

/** What rule-abiding recovery may settle, and what else a person could think of. */
export type Candidates = {
  /** Wait for money, and agree in phone, amount, reference and time. */
  fitting: Payment[]
  /** Agree in amount, time, and one of phone and reference. */
  near: Payment[]
}

/** For each, the payments of its account that could explain it, made in the half hour before it. */
export async function findCandidates(context: Context, sought: Sought[]): Promise<Candidates[]> {
  const windows = sought.flatMap((money, number) => windowsOf(money, number))
  const candidates = await context.database.query<Payment & { number: number; open: boolean }>(sql`
    with sought as (${soughtRows(windows)}), alike as (
      select s.number, p.* from sought s
      join payments p on ${hasReference} and p.id >= s.from_id and p.id < s.until_id
        and ${isOfSlice(sql`p.id`, sql`any (array[left(s.from_id::text, 5), left(s.until_id::text, 5)])`)}
      where p.provider_account_id = s.provider_account_id and p.amount_cents + p.commission_cents = s.amount_cents
      union
      select s.number, p.* from sought s
      join payments p on p.merchant_id = s.merchant_id and p.phone = s.phone and p.id >= s.from_id and p.id < s.until_id
      where p.provider_account_id = s.provider_account_id and p.amount_cents + p.commission_cents = s.amount_cents
    )
    select p.*, ${isOpen} as open from alike p where ${isOpen} or p.status = 'failed' order by p.id`)
  const alike = Map.groupBy(candidates, ({ number }) => number)
  return sought.map((money, number) => {
    const near = alike.get(number) ?? []
    const key = normalReference(money.reference ?? '')
    const meant = near.filter((row) => row.open && row.reference_key === key && isPayer(row, money))
    return { fitting: exactFirst(meant, money.reference), near }
  })
}

/** True when the number that a provider told, in full or masked, can be the one that was asked to pay. */
function isPayer({ phone }: Payment, told: Sought): boolean {
  if (phone === null) return false
  if (told.phone !== null) return told.phone === phone
  return told.phone_masked !== null && fitsMask(phone as Phone, told.phone_masked)
}

type Window = Sought & { number: number; from: Date; until: Date }

function windowsOf(money: Sought, number: number): Window[] {
  return money.paid_at.map((at) => ({
    ...money,
    number,
    from: later(at, -promptMs),
    until: later(at, clockSlackMs),
  }))
}

// An id begins with the time at which it was made, so that a window of time is a range of an index.
function soughtRows(windows: Window[]): Sql {
  const ranges = windows.map(
    ({ number, merchant_id, provider_account_id, amount_cents, reference, phone, from, until }) => ({
      number,
      merchant_id,
      provider_account_id,
      amount_cents,
      reference: reference?.trim() ?? null,
      reference_key: reference === null ? null : normalReference(reference),
      phone,
      from_id: firstIdOf(from),
      until_id: firstIdOf(until),
    }),
  )
  return sql`
    select * from ${rows(ranges, 's', {
      number: 'int',
      merchant_id: 'uuid',
      provider_account_id: 'uuid',
      amount_cents: 'bigint',
      reference: 'text',
      reference_key: 'text',
      phone: 'text',
      from_id: 'uuid',
      until_id: 'uuid',
    })}`
}
