import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { columns, rows } from '../database/columns.ts'
import { raw, sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Invoice } from '../invoices/invoice.ts'
import type { Environment, ProviderName } from '../providers/names.ts'
import type { PaymentEffect } from './effect.ts'
import type { PaymentEvidence } from './evidence.ts'
import { ownReference } from '../reference.ts'
import { idOfPaymentBy } from './of-invoice.ts'
import { settlePayments } from './settle.ts'

/** Money that came by itself, and that no payment was asked for. */
export type FreeMoney = {
  merchant_id: string
  provider: ProviderName
  environment: Environment
  provider_account_id: string
  receipt: string
  amount_cents: number
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  payer_name: string | null
  reference: string | null
  paid_at: Date
}

/** What such money is for, and how that is known. */
export type Meant = {
  money: FreeMoney
  /** The invoice to which all of it is put; without one nothing is, yet. */
  invoice?: Pick<Invoice, 'id' | 'reference'>
  evidence: Pick<PaymentEvidence, 'source' | 'message' | 'callback_id' | 'raw'>
}

/** The payment that money has become; undefined where another payment has its receipt. */
export type PaidBy = { payment_id: string | undefined; effect: PaymentEffect }

const unusedMs = 24 * 3_600_000

/**
 * Makes a completed payment of each of these receipts, and puts it to its invoice. Safe to repeat, and to do twice at once: the
 * payment of a receipt has one id. What turns out to be another payment's meanwhile makes none.
 */
export async function payByMoney(context: Context, meant: Meant[]): Promise<PaidBy[]> {
  if (meant.length === 0) return []
  const made = meant.map((one) => ({ ...one, id: idOf(one.money) }))
  await insertPayments(context, made)
  const at = context.clock.now()
  const effects = await settlePayments(
    context,
    made.map(({ id, money, evidence }) => ({
      ...evidence,
      id: newId(at),
      merchant_id: money.merchant_id,
      payment_id: id,
      at,
      verdict: 'success',
      receipt: money.receipt,
      amount_cents: money.amount_cents,
      paid_at: money.paid_at,
    })),
  )
  const isPaid = (index: number) => effects[index] === 'completed' || effects[index] === 'informed'
  await forget(
    context,
    made.filter((_, index) => !isPaid(index)),
  )
  return made.map(({ id }, index) => ({ payment_id: isPaid(index) ? id : undefined, effect: effects[index]! }))
}

function idOf({ merchant_id, provider, environment, receipt, paid_at }: FreeMoney): string {
  return idOfPaymentBy([merchant_id, provider, environment, receipt].join(' '), paid_at)
}

type Made = Meant & { id: string }

async function insertPayments(context: Context, made: Made[]): Promise<void> {
  const now = context.clock.now()
  const payments = made.map(({ id, money, invoice }) => ({
    merchant_id: money.merchant_id,
    id,
    provider_account_id: money.provider_account_id,
    provider: money.provider,
    environment: money.environment,
    origin: 'c2b',
    status: 'created',
    amount_cents: money.amount_cents,
    phone: money.phone,
    payer_phone_masked: money.phone_masked,
    payer_phone_hash: money.phone_hash,
    payer_name: money.payer_name,
    account_reference: invoice?.reference ?? money.reference,
    sent_reference: invoice?.reference ?? (money.reference?.trim() || ownReference(id)),
    invoice_id: invoice?.id ?? null,
    created_at: now,
    updated_at: now,
    check_at: later(now, unusedMs),
  }))
  const given = Object.fromEntries(Object.keys(types).map((name) => [name, raw(`v.${name}`)]))
  await context.database.query(sql`
    insert into payments ${columns<Record<string, unknown>>({
      ...given,
      // Until it is put to something a person must know of it.
      needs_attention: sql`case when v.invoice_id is null then array['credit_left'] end`,
      attention_since: sql`case when v.invoice_id is null then v.created_at end`,
    })}
    from ${rows(payments, 'v', types)} on conflict do nothing`)
}

const types = {
  merchant_id: 'uuid',
  id: 'uuid',
  provider_account_id: 'uuid',
  provider: 'text',
  environment: 'text',
  origin: 'text',
  status: 'text',
  amount_cents: 'bigint',
  phone: 'text',
  payer_phone_masked: 'text',
  payer_phone_hash: 'text',
  payer_name: 'text',
  account_reference: 'text',
  sent_reference: 'text',
  invoice_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  check_at: 'timestamptz',
} as const

/** Nobody was asked, and nobody was told: what did not become a payment never was one. */
async function forget(context: Context, unpaid: Made[]): Promise<void> {
  if (unpaid.length === 0) return
  const names = unpaid.map(({ id, money: { merchant_id } }) => ({ merchant_id, id }))
  await context.database.query(sql`
    delete from payments p using ${rows(names, 'n', { merchant_id: 'uuid', id: 'uuid' })}
    where p.merchant_id = n.merchant_id and p.id = n.id and p.status = 'created' and p.version = 0`)
}
