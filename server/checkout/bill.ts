import type { Account } from '../accounts/account.ts'
import { accountOf, findInUse } from '../accounts/find.ts'
import { defaultAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { parseId, showId } from '../id.ts'
import { findInvoicesById, listParts } from '../invoices/find.ts'
import type { PartPaid } from '../invoices/find.ts'
import { dueOf } from '../invoices/invoice.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { findLinkById } from '../links/find.ts'
import type { Link } from '../links/link.ts'
import { logoPath } from '../merchants/logo.ts'
import { findMerchants } from '../merchants/merchant.ts'
import type { Payment } from '../payments/payment.ts'
import type { ProviderName } from '../providers/names.ts'
import { providerOf } from '../providers/provider-of.ts'
import { brandStyle } from '../web/color.ts'
import { speaker } from '../web/language.ts'
import type { Language } from '../web/language.ts'
import type { Bill } from './checkout.ts'
import type { Named } from './code.ts'
import { words } from './words.ts'

type BillAccount = Pick<Account, 'type' | 'shortcode' | 'till' | 'c2b_registered_at'>

/** What the pages of an invoice and of a link have in common. */
type Payable = Bill & {
  account: BillAccount
  /** The most that one payment takes. */
  most_cents: number
  /** How many payments there were: by this a form that is sent twice is known. */
  seen: number
  /** The code that the payer named, on the page where one does so. */
  named?: Named
  /** What the payer typed, and what is wrong with it. */
  refused?: { phone: string; amount: string; because: Partial<Record<'phone' | 'amount' | 'form', keyof typeof words>> }
  /** The provider at whose own page it may be paid, where there is one, and the most that a bill there takes. */
  atPage: { provider: ProviderName; most_cents: number } | undefined
  refusedAtPage?: RefusedAtPage
}

/** A bill at the provider's own page as its payer asks for it, in their own words. */
export type AtPage = { name: string; id_number: string; amount: string }

/** The same, and what is wrong with it. */
export type RefusedAtPage = AtPage & { because: Partial<Record<keyof AtPage | 'form', keyof typeof words>> }

/** Everything that the page of an invoice is made of. */
export type InvoiceBill = Payable & {
  kind: 'inv'
  invoice: Invoice
  parts: PartPaid[]
  /** A payment of it whose payer is being asked at this moment. */
  underWay: Pick<Payment, 'id' | 'phone'> | undefined
}

/** Everything that the page of a link is made of. */
export type LinkBill = Payable & { kind: 'lnk'; link: Link }

/** Whether its payer writes how much. */
export function isFree(bill: InvoiceBill | LinkBill): boolean {
  return bill.kind === 'inv' ? bill.invoice.instalments : bill.link.amount_cents === null
}

type Reader = { language: Language; query: string }

/** Finds what a link names, an invoice or a payment link; undefined when it names neither. */
export async function findBill(context: Context, named: string, reader: Reader) {
  const [invoiceId, linkId] = [parseId('inv', named), parseId('lnk', named)]
  if (invoiceId) return findInvoiceBill(context, invoiceId, reader)
  return linkId ? findLinkBill(context, linkId, reader) : undefined
}

async function findInvoiceBill(context: Context, id: string, reader: Reader): Promise<InvoiceBill | undefined> {
  const invoice = await context.gather(findInvoicesById, id)
  if (!invoice) return undefined
  const say = speaker(words, reader.language)
  const due = dueOf(invoice)
  const bill = await billOf(context, reader, {
    row: invoice,
    path: `/pay/${showId('inv', id)}`,
    what: [say('invoice_named', { reference: invoice.reference }), invoice.description].filter(Boolean).join(' · '),
    amount_cents: due > 0 ? due : invoice.total_cents,
    seen: await countPayments(context, invoice, 'invoice_id'),
  })
  return (
    bill && {
      ...bill,
      kind: 'inv',
      invoice,
      parts: await listParts(context, invoice),
      underWay: await findUnderWay(context, invoice),
    }
  )
}

async function findLinkBill(context: Context, id: string, reader: Reader): Promise<LinkBill | undefined> {
  const link = await findLinkById(context, id)
  if (!link) return undefined
  const bill = await billOf(context, reader, {
    row: link,
    path: `/pay/${showId('lnk', id)}`,
    what: link.name,
    amount_cents: link.amount_cents ?? 0,
    seen: await countPayments(context, link, 'link_id'),
  })
  return bill && { ...bill, kind: 'lnk', link }
}

async function billOf(
  context: Context,
  { language, query }: Reader,
  { row, ...own }: Pick<Payable, 'path' | 'what' | 'amount_cents' | 'seen'> & { row: Invoice | Link },
): Promise<Payable | undefined> {
  const merchant = await context.gather(findMerchants, row.merchant_id)
  if (!merchant) return undefined
  const made = await accountOf(context, row)
  return {
    merchant: merchant.name,
    brand: merchant.color ? brandStyle(merchant.color) : undefined,
    logo: merchant.logo_version ? logoPath({ merchant_id: merchant.id, version: merchant.logo_version }) : undefined,
    environment: row.environment,
    language,
    say: speaker(words, language),
    query,
    now: context.clock.now(),
    account: made.ended_at ? await defaultAccount(context, row.merchant_id, row.provider) : made,
    most_cents: providerOf(context, row).payments.amount_cents_max,
    atPage: await findPageProvider(context, row),
    ...own,
  }
}

async function countPayments(
  { database }: Context,
  { merchant_id, id }: Invoice | Link,
  by: 'invoice_id' | 'link_id',
): Promise<number> {
  const named = by === 'invoice_id' ? sql`invoice_id = ${id}` : sql`link_id = ${id}`
  const { count } = await database.one<{ count: number }>(
    sql`select count(*)::int as count from payments where merchant_id = ${merchant_id} and ${named}`,
  )
  return count
}

function findUnderWay({ database }: Context, { merchant_id, id }: Invoice) {
  return database.maybe<Pick<Payment, 'id' | 'phone'>>(sql`
    select id, phone from payments where merchant_id = ${merchant_id} and invoice_id = ${id}
      and status in ('created', 'pending') and (phone is not null or provider_checkout_url is not null) order by id desc limit 1`)
}

/** The provider that it is of, or else another of the merchant's, if payers are asked at a page of it. */
async function findPageProvider(context: Context, row: Invoice | Link): Promise<Payable['atPage']> {
  const names = (Object.keys(context.providers) as ProviderName[]).filter(
    (provider) => providerOf(context, { provider }).payments.asks === 'at_page',
  )
  const { merchant_id, environment, provider: own } = row
  const provider = names.includes(own) ? own : await findInUse(context, { merchant_id, environment, providers: names })
  return provider && { provider, most_cents: providerOf(context, { provider }).payments.amount_cents_max }
}
