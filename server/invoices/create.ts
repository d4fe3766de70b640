import type { Account } from '../accounts/account.ts'
import { accountOfCaller, refuseEnded } from '../accounts/named.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import { claimKey, repeated } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { newId, showId } from '../id.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { formatKes, toShillings } from '../money.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { Problem } from '../problem.ts'
import type { Language } from '../languages.ts'
import { findInvoice } from './find.ts'
import type { Invoice } from './invoice.ts'
import { reckon } from './lines.ts'
import { postInvoice, refuseAddressless } from './send.ts'
import type { PricedLine, Totals } from './lines.ts'

/** What a merchant asks a customer for. */
export type InvoiceInput = {
  merchant_id: string
  mode: Mode
  provider: ProviderName
  /** The account that it is to be paid to, by its id or name; the default one where none is named. */
  account?: string
  lines: PricedLine[]
  tax_included: boolean
  /** What the customer types at the paybill; one of ours where none is given. */
  reference?: string
  description?: string
  customer?: { name?: string; email?: string; phone?: string; language?: Language }
  /** Whether it may be paid in parts; without it, it may where no single payment could pay it. */
  instalments?: boolean
  /** A day of Nairobi, `2026-12-31`. */
  due_date?: string
  /** Whether it is sent to the customer's address at once. */
  send: boolean
  /** Whether the customer is reminded of what they were sent. */
  reminders: boolean
  metadata?: Record<string, unknown>
  return_url?: string
  idempotency?: Repeatable
}

/**
 * Makes an invoice, and sends it where that is asked for. Its page, its reference at the paybill, and payments that name it ask to pay.
 * @throws a Problem for what cannot be owed or paid, or where another invoice has the reference.
 */
export async function createInvoice(context: Context, input: InvoiceInput): Promise<Creation<Invoice>> {
  const account = await accountOfCaller(context, input, input)
  refuseEnded(account)
  const totals = reckon(input.lines, { taxIncluded: input.tax_included })
  const instalments = input.instalments ?? isBeyondOnePayment(context, input.provider, totals.total_cents)
  refuseUnpayable(context, input, { total_cents: totals.total_cents, instalments })
  if (input.send) refuseAddressless(input.customer?.email)
  const [merchant] = await findMerchants(context, [input.merchant_id])
  const made = await context.database.transaction(async (transaction) => {
    const invoice = await insertInvoice(context, transaction, { input, account, totals, instalments })
    if (!invoice || !input.send) return invoice
    return postInvoice(context, transaction, { invoice, merchant: merchant! })
  })
  return made
    ? { made, isRepeat: false }
    : repeated(context, input.idempotency!, (id) => findInvoice(context, { merchant_id: input.merchant_id, id }))
}

/** True for what no single payment can pay. */
export function isBeyondOnePayment(context: Context, provider: ProviderName, total_cents: number): boolean {
  return total_cents > providerOf(context, { provider }).payments.amount_cents_max
}

function refuseUnpayable(
  context: Context,
  { provider, reference }: InvoiceInput,
  { total_cents, instalments }: { total_cents: number; instalments: boolean },
): void {
  const { amount_cents_max, refuse } = providerOf(context, { provider }).payments
  try {
    refuse({ amount_cents: Math.min(total_cents, amount_cents_max), account_reference: reference })
    if (total_cents % 100 !== 0) refuse({ amount_cents: total_cents })
  } catch (error) {
    if (error instanceof Problem && error.param === 'account_reference')
      throw new Problem(error.code, error.message, 'reference')
    if (!(error instanceof Problem)) throw error
    throw new Problem(error.code, `This invoice comes to KES ${formatKes(total_cents)}. ${error.message}`, 'lines')
  }
  if (total_cents <= amount_cents_max || instalments) return
  throw new Problem(
    'invalid_amount',
    `This invoice comes to KES ${formatKes(total_cents)}, and one payment takes KES ${formatKes(amount_cents_max)} at most: let it be paid in instalments.`,
    'instalments',
  )
}

type NewInvoice = { input: InvoiceInput; account: Account; totals: Totals; instalments: boolean }

const attemptsMax = 5

/** Undefined when a request with the same key was there before. */
async function insertInvoice(
  context: Context,
  transaction: Transaction,
  invoice: NewInvoice,
): Promise<Invoice | undefined> {
  const { input } = invoice
  const now = context.clock.now()
  const id = newId(now)
  if (input.idempotency && !(await claimKey(transaction, { ...input.idempotency, object_id: id, created_at: now })))
    return undefined
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const reference = input.reference ?? newReference(newId(now))
    const made = await transaction.maybe<Invoice>(sql`
      insert into invoices ${oneRow<Partial<Invoice>>(rowOf(id, now, reference, invoice))} on conflict do nothing returning *`)
    if (made) {
      await writeAudit(transaction, context, {
        merchant_id: input.merchant_id,
        action: 'invoice.created',
        subject: showId('inv', id),
        details: { reference, total: toShillings(made.total_cents) },
      })
      return made
    }
    if (input.reference) break
  }
  throw await referenceTaken(transaction, invoice)
}

function rowOf(id: string, now: Date, reference: string, { input, account, totals, instalments }: NewInvoice) {
  const { merchant_id, customer = {}, idempotency } = input
  return {
    merchant_id,
    id,
    provider_account_id: account.id,
    provider: account.provider,
    environment: account.environment,
    status: 'open',
    reference,
    description: input.description,
    customer_name: customer.name,
    customer_email: customer.email,
    customer_phone: customer.phone,
    customer_language: customer.language,
    ...totals,
    lines: JSON.stringify(totals.lines),
    tax_included: input.tax_included,
    instalments,
    due_on: input.due_date,
    reminders: input.reminders,
    metadata: JSON.stringify(input.metadata ?? {}),
    return_url: input.return_url,
    idempotency_key: idempotency?.key,
    created_at: now,
    updated_at: now,
  }
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A reference of ours: short, since people type it, and without letters that look like digits. */
function newReference(id: string): string {
  const random = BigInt(`0x${id.replaceAll('-', '').slice(-12)}`)
  const places = Array.from({ length: 6 }, (_, place) => letters[Number((random >> BigInt(place * 5)) % 32n)])
  return `INV-${places.join('')}`
}

async function referenceTaken(transaction: Transaction, { input, account }: NewInvoice): Promise<Problem> {
  const first = await transaction.one<Pick<Invoice, 'id'>>(sql`
    select id from invoices where merchant_id = ${input.merchant_id} and environment = ${account.environment}
      and reference = ${input.reference} and voided_at is null`)
  const id = showId('inv', first.id)
  const message = {
    said: `Another invoice has the reference "${input.reference}". Money that comes with it must name one invoice: give each its own, or make that one void.`,
    byApi: `It is ${id}.`,
  }
  return new Problem('duplicate_reference', message, 'reference', { invoice_id: id })
}
