import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { columns, rows } from '../database/columns.ts'
import { dealRounds } from '../database/rounds.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { findFirstRequests, guardRoute } from '../api/idempotency.ts'
import type { ClaimedKey, FirstRequest } from '../api/idempotency.ts'
import { outcomeDueAt } from '../evidence/intervals.ts'
import { ownReference } from '../reference.ts'
import type { PaymentIntent } from './intent.ts'
import { countUsesAnew, hasUse, usesOf } from './link-uses.ts'
import type { Payment } from './payment.ts'

/**
 * The payment that was made, or why there is none: the same was asked for before, its order is another payment's, or its link takes
 * no more.
 */
export type IntentOutcome =
  | { kind: 'made'; payment: Payment }
  | { kind: 'repeated'; first: FirstRequest }
  | { kind: 'taken'; owner: ReferenceOwner }
  | { kind: 'used_up' }

/** The payment that has an external reference, or that tries the same one again. */
export type ReferenceOwner = Pick<Payment, 'id' | 'status' | 'external_reference'>

const checkoutUnusedMs = 24 * 3_600_000

/** Commits intents, each with its idempotency record, in one statement. Tells which of them were asked for before. */
export async function insertIntents(context: Context, intents: PaymentIntent[]): Promise<IntentOutcome[]> {
  const outcomes = new Map<PaymentIntent, IntentOutcome>()
  const namesOf = ({ input, claim }: PaymentIntent) => [
    `${input.merchant_id} ${claim.route} ${claim.key}`,
    ...(input.external_reference ? [input.external_reference] : []),
    ...(input.retry_of ? [input.retry_of] : []),
    ...(input.link_id && input.link_is_limited ? [input.link_id] : []),
  ]
  for (const round of dealRounds(intents, namesOf)) await insertRound(context, round, outcomes)
  return intents.map((intent) => outcomes.get(intent)!)
}

type Outcomes = Map<PaymentIntent, IntentOutcome>

const attemptsMax = 5

async function insertRound(context: Context, intents: PaymentIntent[], outcomes: Outcomes, attempt = 1): Promise<void> {
  const now = context.clock.now()
  const atLinks = intents.some(({ input }) => input.link_id !== undefined)
  const made = await context.database.query<Payment>(sql.named`
    with claimed as (${claimsOf(intents, now)}) ${atLinks ? sql`, used as (${usesOf(intents)})` : sql``}
    insert into payments ${paymentsOf(intents, now)} where v.id in (select object_id from claimed) ${atLinks ? sql`and (${hasUse})` : sql``}
    on conflict do nothing
    returning *`)
  const payments = new Map(made.map((payment) => [payment.id, payment]))
  const refused: PaymentIntent[] = []
  for (const intent of intents) {
    const payment = payments.get(intent.id)
    if (payment) outcomes.set(intent, { kind: 'made', payment })
    else refused.push(intent)
  }
  if (refused.length === 0) return
  await explain(context, refused, outcomes)
  await countUses(context, refused, outcomes)
  // What stood in the way has failed meanwhile, and does so no longer.
  const free = refused.filter((intent) => !outcomes.has(intent))
  if (free.length > 0 && attempt === attemptsMax)
    throw new Error('Payments of one order keep failing as they are made.')
  if (free.length > 0) await insertRound(context, free, outcomes, attempt + 1)
}

/** The insert of the keys that intents claim. One that another request has, or whose reference is another's, claims nothing. */
function claimsOf(intents: PaymentIntent[], now: Date): Sql {
  const claims = intents.map(({ id, input, account, claim }) => ({
    merchant_id: input.merchant_id,
    id,
    route: claim.route,
    key: claim.key,
    request_hash: input.idempotency?.request_hash ?? Buffer.alloc(0),
    environment: account.environment,
    external_reference: input.external_reference,
  }))
  return sql`
    insert into idempotency as i ${columns<ClaimedKey>({
      merchant_id: sql`a.merchant_id`,
      route: sql`a.route`,
      key: sql`a.key`,
      request_hash: sql`a.request_hash`,
      object_id: sql`a.id`,
      created_at: now,
    })}
    from ${rows(claims, 'a', {
      merchant_id: 'uuid',
      id: 'uuid',
      route: 'text',
      key: 'text',
      request_hash: 'bytea',
      environment: 'text',
      external_reference: 'text',
    })}
    where a.external_reference is null or not exists (select from payments p where p.merchant_id = a.merchant_id
      and p.environment = a.environment and p.external_reference = a.external_reference and p.status <> 'failed')
    order by a.merchant_id, a.route, a.key
    on conflict (merchant_id, route, key) do update set object_id = excluded.object_id, created_at = excluded.created_at
      where i.route = ${guardRoute} and (i.created_at < excluded.created_at - interval '60 seconds'
        or exists (select from payments p where p.merchant_id = i.merchant_id and p.id = i.object_id and p.status = 'failed'))
    returning object_id`
}

/** The rows of payments as they begin. One that has the external reference of a failed one tries that again. */
function paymentsOf(intents: PaymentIntent[], now: Date): Sql {
  const payments = intents.map(({ id, input, account, asksAtOnce }) => ({
    merchant_id: input.merchant_id,
    id,
    provider_account_id: account.id,
    provider: input.provider,
    environment: account.environment,
    origin: input.origin ?? 'api',
    status: 'created',
    amount_cents: input.amount_cents,
    phone: input.phone,
    payer_name: input.customer?.name,
    payer_email: input.customer?.email,
    payer_id_number: input.customer?.id_number,
    payer_language: input.customer?.language,
    account_reference: input.account_reference,
    sent_reference: input.account_reference ?? ownReference(id),
    external_reference: input.external_reference,
    description: input.description,
    metadata: JSON.stringify(input.metadata ?? {}),
    invoice_id: input.invoice_id,
    link_id: input.link_id,
    retry_of: input.retry_of,
    callback_url: input.callback_url,
    return_url: input.return_url,
    idempotency_key: input.idempotency?.key,
    requested_at: asksAtOnce ? now : null,
    created_at: now,
    updated_at: now,
    check_at: asksAtOnce ? outcomeDueAt(now) : later(now, checkoutUnusedMs),
  }))
  const given = Object.fromEntries(Object.keys(paymentColumns).map((name) => [name, raw(`v.${name}`)]))
  return sql`${columns<Record<string, unknown>>({ ...given, retry_of: sql`coalesce(v.retry_of, ${failedBefore})` })}
    from ${rows(payments, 'v', paymentColumns)}`
}

const failedBefore = sql`(select p.id from payments p where v.external_reference is not null and p.merchant_id = v.merchant_id
  and p.environment = v.environment and p.external_reference = v.external_reference and p.status = 'failed' order by p.id desc limit 1)`

const paymentColumns = {
  merchant_id: 'uuid',
  id: 'uuid',
  provider_account_id: 'uuid',
  provider: 'text',
  environment: 'text',
  origin: 'text',
  status: 'text',
  amount_cents: 'bigint',
  phone: 'text',
  payer_name: 'text',
  payer_email: 'text',
  payer_id_number: 'text',
  payer_language: 'text',
  account_reference: 'text',
  sent_reference: 'text',
  external_reference: 'text',
  description: 'text',
  metadata: 'jsonb',
  invoice_id: 'uuid',
  link_id: 'uuid',
  retry_of: 'uuid',
  callback_url: 'text',
  return_url: 'text',
  idempotency_key: 'text',
  requested_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  check_at: 'timestamptz',
} as const

// The loser of an `on conflict` sees no row in the same statement: it reads the winner in a second one.
async function explain(context: Context, refused: PaymentIntent[], outcomes: Outcomes): Promise<void> {
  const firsts = await findFirstRequests(
    context,
    refused.map(({ input: { merchant_id }, claim: { route, key } }) => ({ merchant_id, route, key })),
  )
  for (const [index, intent] of refused.entries()) {
    const first = firsts[index]
    const isRepeat = first !== undefined && first.object_id !== intent.id
    const owner = isRepeat && intent.input.idempotency ? undefined : await ownerOfReference(context, intent)
    // What the guard against duplicates remembers may have failed: then another payment stands in the way, by its reference.
    if (owner && owner.id !== first?.object_id) outcomes.set(intent, { kind: 'taken', owner })
    else if (isRepeat) outcomes.set(intent, { kind: 'repeated', first })
  }
}

/** Those whose link takes no more, also where what failed meanwhile is not counted. */
async function countUses(context: Context, refused: PaymentIntent[], outcomes: Outcomes): Promise<void> {
  for (const intent of refused) {
    const { merchant_id, link_id } = intent.input
    if (!link_id || outcomes.has(intent)) continue
    if (!(await countUsesAnew(context, { merchant_id, id: link_id }))) outcomes.set(intent, { kind: 'used_up' })
  }
}

async function ownerOfReference(
  { database }: Context,
  { id, input, account, claim }: PaymentIntent,
): Promise<ReferenceOwner | undefined> {
  // A key that was claimed for a payment that could not be made is given back.
  await database.query(sql`
    delete from idempotency
    where merchant_id = ${input.merchant_id} and object_id = ${id} and route = ${claim.route} and key = ${claim.key}`)
  const [owner] = await database.query<ReferenceOwner>(sql`
    select id, status, external_reference from payments where merchant_id = ${input.merchant_id}
      and ((external_reference = ${input.external_reference} and environment = ${account.environment} and status <> 'failed')
        or retry_of = ${input.retry_of ?? null})
    order by id limit 1`)
  return owner
}
