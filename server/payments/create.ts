import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import { dealRounds } from '../database/rounds.ts'
import { newId, showId } from '../id.ts'
import { findFirstRequests, guardRoute, replay } from '../api/idempotency.ts'
import type { Creation, FirstRequest, Repeatable } from '../api/idempotency.ts'
import { currentAccount } from '../accounts/find.ts'
import type { Account } from '../accounts/account.ts'
import type { Mode } from '../access/key.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { Problem } from '../problem.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { keepOutcome } from '../evidence/outcome.ts'
import { firstCheckAt, windowEnd } from './check.ts'
import { findPayment } from './find.ts'
import type { Payment } from './payment.ts'
import { settlePayment } from './settle.ts'

/** What a merchant asks for. Amounts are cents, the phone is `254…`. */
export type PaymentInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  amount_cents: number
  phone?: string
  account_reference?: string
  external_reference?: string
  description?: string
  customer?: { name?: string; email?: string; phone?: string; id_number?: string }
  metadata?: Record<string, unknown>
  invoice_id?: string
  callback_url?: string
  return_url?: string
  origin?: Payment['origin']
  /** The failed payment that its payer tries again: this one has its references too. */
  retry_of?: string
  /** The caller's Idempotency-Key. Without one, a payment like another of the last 60 seconds is refused. */
  idempotency?: Repeatable
}

const checkoutUnusedMs = 24 * 3_600_000
/** After this long without an outcome, the process that asked the provider counts as dead. */
export const outcomeDueMs = 60_000

/**
 * Creates a payment and asks the payer to pay: the intent is committed first, then the provider is called, then its answer is kept.
 * A provider that refuses makes a payment that `failed`; one that does not answer leaves it pending, to be settled by what comes.
 * Without a phone nothing is sent: the payment waits at its checkout.
 * @throws a Problem for what cannot be paid, or was asked for before.
 */
export async function createPayment(context: Context, input: PaymentInput): Promise<Creation<Payment>> {
  const account = await currentAccount(context, input.merchant_id, input.provider)
  if (account.environment === 'live' && input.mode === 'test') {
    throw new Problem(
      'forbidden',
      'A test key makes no live payments. Use a live key (sk_live_…), or configure the simulator or the sandbox.',
    )
  }
  providerOf(context, input).payments.refuse(input)

  const id = newId(context.clock.now())
  const intent = { id, input, account, claim: await claimOf(context, id, input) }
  const outcome = await context.gather(insertIntents, intent)
  if (outcome.kind === 'repeated') return repeat(context, outcome.first, input)
  if (outcome.kind === 'taken') throw referenceTaken(input, outcome.owner)

  const name = { merchant_id: input.merchant_id, id: intent.id }
  if (input.phone) await requestPayment(context, account, await findPayment(context, name))
  return { made: await findPayment(context, name), isRepeat: false }
}

/**
 * Asks the provider to collect a payment whose intent is committed, and keeps what it answered.
 * Never asks twice: after an unknown outcome the payment lives by its callback, by checks and by reconciliation.
 */
export async function requestPayment(context: Context, account: Account, payment: Payment): Promise<void> {
  const outcome = await providerOf(context, payment).payments.request(context, account, payment)
  const at = context.clock.now()
  await keepOutcome(context, settlePayment, {
    id: newId(at),
    merchant_id: payment.merchant_id,
    payment_id: payment.id,
    source: 'ack',
    at,
    verdict: outcome.kind === 'refused' ? 'failure' : null,
    provider_outcome: outcome.kind,
    ...(outcome.kind === 'accepted'
      ? {
          provider_ref: outcome.provider_ref,
          merchant_request_id: outcome.merchant_request_id,
          check_at: firstCheckAt(at),
        }
      : { message: outcome.message, check_at: windowEnd(payment) }),
    ...(outcome.kind === 'refused' && { failure_code: 'refused', provider_code: outcome.code }),
    raw: outcome.raw === undefined ? undefined : Buffer.from(outcome.raw),
  })
}

async function repeat(context: Context, first: FirstRequest, input: PaymentInput): Promise<Creation<Payment>> {
  if (!input.idempotency) {
    const id = showId('pay', first.object_id)
    const message = `The same payment was asked for less than 60 seconds ago: ${id}. Send an Idempotency-Key if you mean a second one.`
    throw new Problem('duplicate_payment', message, undefined, { payment_id: id })
  }
  const known = replay(context, first, input.idempotency)
  return (
    known ?? {
      made: await findPayment(context, { merchant_id: input.merchant_id, id: first.object_id }),
      isRepeat: true,
    }
  )
}

function referenceTaken({ external_reference }: PaymentInput, owner: Owner): Problem {
  const id = showId('pay', owner.id)
  const advice =
    owner.status === 'failed'
      ? 'It failed: its payer can try again at its checkout_url, or you ask again with another reference.'
      : 'Each payment needs its own.'
  const message = `The external reference "${external_reference}" belongs to ${id}. ${advice}`
  return new Problem('duplicate_external_reference', message, 'external_reference', { payment_id: id })
}

type Intent = { id: string; input: PaymentInput; account: Account; claim: Claim }
type IntentOutcome = { kind: 'made' } | { kind: 'repeated'; first: FirstRequest } | { kind: 'taken'; owner: Owner }
type Owner = Pick<Payment, 'id' | 'status'>

/** Commits intents, each with its idempotency record, in one statement. Tells which of them were asked for before. */
async function insertIntents(context: Context, intents: Intent[]): Promise<IntentOutcome[]> {
  const outcomes = new Map<Intent, IntentOutcome>()
  const namesOf = ({ input, claim }: Intent) => [
    `${input.merchant_id} ${claim.join(' ')}`,
    ...(input.external_reference ? [input.external_reference] : []),
  ]
  for (const round of dealRounds(intents, namesOf)) await insertRound(context, round, outcomes)
  return intents.map((intent) => outcomes.get(intent)!)
}

async function insertRound(context: Context, intents: Intent[], outcomes: Map<Intent, IntentOutcome>): Promise<void> {
  const now = context.clock.now()
  const column = <Value>(value: (intent: Intent) => Value) => intents.map(value)
  const made = await context.database.query<{ id: string }>(sql`
    with asked as (
      select * from unnest(
        ${column((i) => i.input.merchant_id)}::uuid[], ${column((i) => i.id)}::uuid[], ${column((i) => i.claim[0])}::text[],
        ${column((i) => i.claim[1])}::text[], ${column((i) => i.input.idempotency?.request_hash ?? Buffer.alloc(0))}::bytea[],
        ${column((i) => i.account.id)}::uuid[], ${column((i) => i.input.provider)}::text[], ${column((i) => i.account.environment)}::text[],
        ${column((i) => i.input.origin ?? 'api')}::text[], ${column((i) => i.input.amount_cents)}::bigint[], ${column((i) => i.input.phone)}::text[],
        ${column((i) => i.input.customer?.name)}::text[], ${column((i) => i.input.customer?.email)}::text[],
        ${column((i) => i.input.customer?.id_number)}::text[], ${column((i) => i.input.account_reference)}::text[],
        ${column((i) => i.input.account_reference ?? ownReference(i.id))}::text[], ${column((i) => i.input.external_reference)}::text[],
        ${column((i) => i.input.description)}::text[], ${column((i) => JSON.stringify(i.input.metadata ?? {}))}::jsonb[],
        ${column((i) => i.input.invoice_id)}::uuid[], ${column((i) => i.input.retry_of)}::uuid[], ${column((i) => i.input.callback_url)}::text[],
        ${column((i) => i.input.return_url)}::text[], ${column((i) => i.input.idempotency?.key)}::text[],
        ${column((i) => (i.input.phone ? now : null))}::timestamptz[],
        ${column((i) => later(now, i.input.phone ? outcomeDueMs : checkoutUnusedMs))}::timestamptz[]
      ) as a (merchant_id, id, route, key, request_hash, provider_account_id, provider, environment, origin, amount_cents, phone,
        payer_name, payer_email, payer_id_number, account_reference, sent_reference, external_reference, description, metadata,
        invoice_id, retry_of, callback_url, return_url, idempotency_key, requested_at, check_at)
    ),
    claimed as (
      insert into idempotency as i (merchant_id, route, key, request_hash, object_id, created_at)
      select merchant_id, route, key, request_hash, id, ${now} from asked a
      where external_reference is null or not exists (select from payments p where p.merchant_id = a.merchant_id
        and p.environment = a.environment and p.external_reference = a.external_reference and p.retry_of is not distinct from a.retry_of)
      order by merchant_id, route, key
      on conflict (merchant_id, route, key) do update set object_id = excluded.object_id, created_at = excluded.created_at
        where i.route = ${guardRoute} and (i.created_at < excluded.created_at - interval '60 seconds'
          or exists (select from payments p where p.merchant_id = i.merchant_id and p.id = i.object_id and p.status = 'failed'))
      returning object_id
    )
    insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, amount_cents, phone, payer_name,
      payer_email, payer_id_number, account_reference, sent_reference, external_reference, description, metadata, invoice_id, retry_of,
      callback_url, return_url, idempotency_key, requested_at, created_at, updated_at, check_at)
    select merchant_id, id, provider_account_id, provider, environment, origin, 'created', amount_cents, phone, payer_name,
      payer_email, payer_id_number, account_reference, sent_reference, external_reference, description, metadata, invoice_id, retry_of,
      callback_url, return_url, idempotency_key, requested_at, ${now}, ${now}, check_at
    from asked where id in (select object_id from claimed)
    on conflict do nothing
    returning id`)
  const ids = new Set(made.map(({ id }) => id))
  for (const intent of intents) if (ids.has(intent.id)) outcomes.set(intent, { kind: 'made' })
  await explain(
    context,
    intents.filter(({ id }) => !ids.has(id)),
    outcomes,
  )
}

// The loser of an `on conflict` sees no row in the same statement: it reads the winner in a second one.
async function explain(context: Context, refused: Intent[], outcomes: Map<Intent, IntentOutcome>): Promise<void> {
  if (refused.length === 0) return
  const claims = refused.map(({ input, claim }) => ({
    merchant_id: input.merchant_id,
    route: claim[0],
    key: claim[1],
  }))
  const firsts = await findFirstRequests(context, claims)
  for (const [index, intent] of refused.entries()) {
    const first = firsts[index]
    const isRepeat = first !== undefined && first.object_id !== intent.id
    const owner = isRepeat && intent.input.idempotency ? undefined : await ownerOfReference(context, intent)
    // The guard against duplicates is released when the first fails: then its reference alone stands in the way.
    if (owner && (!isRepeat || owner.status === 'failed')) outcomes.set(intent, { kind: 'taken', owner })
    else outcomes.set(intent, { kind: 'repeated', first: first! })
  }
}

async function ownerOfReference(context: Context, { id, input, account, claim }: Intent): Promise<Owner | undefined> {
  // A key that was claimed for a payment that could not be made is given back.
  await context.database.query(
    sql`delete from idempotency where merchant_id = ${input.merchant_id} and object_id = ${id} and route = ${claim[0]} and key = ${claim[1]}`,
  )
  return context.database.maybe<Owner>(sql`
    select id, status from payments where merchant_id = ${input.merchant_id} and environment = ${account.environment}
      and external_reference = ${input.external_reference} and retry_of is not distinct from ${input.retry_of ?? null}`)
}

/** The name of the row by which a repeated request is recognised. */
type Claim = [route: string, key: string]

/** The caller's own key, or what makes two payments alike; neither where nothing has to be recognised. */
async function claimOf(context: Context, id: string, input: PaymentInput): Promise<Claim> {
  if (input.idempotency) return [input.idempotency.route, input.idempotency.key]
  const merchant = input.phone ? await context.gather(findMerchants, input.merchant_id) : undefined
  if (!merchant?.duplicate_guard) return [guardRoute, id]
  const { mode, provider, phone, amount_cents, account_reference } = input
  return [guardRoute, [mode, provider, phone, amount_cents, account_reference].join(' ')]
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** The reference that a payment is sent with when its merchant gave none: 10 characters that its id decides. */
function ownReference(id: string): string {
  let rest = BigInt(`0x${id.replaceAll('-', '').slice(-13)}`)
  let reference = ''
  for (let index = 0; index < 10; index++) {
    reference += letters[Number(rest % 32n)]
    rest /= 32n
  }
  return reference
}
