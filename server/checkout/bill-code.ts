import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import type { Link } from '../links/link.ts'
import { judgeAtLink } from '../money-in/claim-at-link.ts'
import { claimMoney } from '../money-in/claim.ts'
import { claimForInvoice, followInvoiceClaim } from '../money-in/claim-of-invoice.ts'
import { findPaymentsById } from '../payments/find.ts'
import { Problem } from '../problem.ts'
import { begin } from './begin.ts'
import type { Wish } from './begin.ts'
import type { InvoiceBill, LinkBill } from './bill.ts'
import { readCode } from './code.ts'
import type { Named } from './code.ts'
import { readAmount } from './typed-amount.ts'

/** What the payer typed on the page of a code. */
export type TypedCode = Record<'code' | 'amount' | 'seen', string>

/** Where the payer is led, or what the page of the code says. */
export type CodeAnswer = { to: string } | { named: Named; status: 200 | 400 | 409 | 429 }

/**
 * The payer named a code at an invoice: what was paid with it is put to the invoice, if it is theirs to claim. At a link a payment
 * begins that it completes: only its payer can look at that, for many stand before a link.
 */
export async function nameCodeAt(
  context: Context,
  bill: InvoiceBill | LinkBill,
  typed: TypedCode,
): Promise<CodeAnswer> {
  const code = readCode(typed.code)
  if (!code) {
    const wrong = typed.code.trim() ? ('code_wrong' as const) : ('code_missing' as const)
    return { named: { ...emptyCode(bill), typed: typed.code, wrong }, status: 400 }
  }
  return bill.kind === 'inv' ? nameAtInvoice(context, bill, code) : nameAtLink(context, bill, { ...typed, code })
}

/** The page of a code before anything was typed. */
export function emptyCode(bill: InvoiceBill | LinkBill): Named {
  const isFree = bill.kind === 'lnk' && bill.link.amount_cents === null
  return { typed: '', ...(isFree && { amount: { typed: '', seen: bill.seen } }) }
}

/** What has become of the code that was named at an invoice; undefined where it was not. */
export async function followCode(
  context: Context,
  { invoice }: InvoiceBill,
  typed: string,
): Promise<Named | undefined> {
  const code = readCode(typed)
  const answer = code && (await followInvoiceClaim(context, invoice, code))
  return answer ? { typed: code, answer } : undefined
}

async function nameAtInvoice(context: Context, { invoice, path }: InvoiceBill, code: string): Promise<CodeAnswer> {
  const answer = await claimForInvoice(context, invoice, code)
  if (answer === 'settled') return { to: path }
  if (answer === 'too_many') return { named: { typed: code, answer }, status: 429 }
  return { to: `${path}/code?${new URLSearchParams({ code })}` }
}

async function nameAtLink(context: Context, bill: LinkBill, { code, amount, seen }: TypedCode): Promise<CodeAnswer> {
  const named = { ...emptyCode(bill), typed: code }
  const judged = await judgeAtLink(context, bill.link, code)
  if (!judged.fits)
    return { named: { ...named, answer: judged.answer }, status: judged.answer === 'too_many' ? 429 : 409 }
  const amount_cents = judged.amount_cents ?? readAmount(amount, bill.most_cents)
  if (!amount_cents) {
    const wrong = amount.trim() ? ('amount_said' as const) : ('amount_missing' as const)
    return { named: { ...named, amount: { typed: amount, seen: bill.seen, wrong } }, status: 400 }
  }
  const id = await beginAt(context, bill.link, { amount_cents, seen: `${seen.slice(0, 9)} ${code}` })
  const payment = id && (await context.gather(findPaymentsById, id))
  // The last payment that the link takes has begun at this moment.
  if (!payment) return { named: { ...named, answer: 'unsure' }, status: 409 }
  await claimMoney(context, payment, code)
  return { to: `/pay/${showId('pay', payment.id)}/code?${new URLSearchParams({ code })}` }
}

async function beginAt(context: Context, bill: Link, wish: Wish): Promise<string | undefined> {
  try {
    return await begin(context, { kind: 'lnk', bill }, wish)
  } catch (error) {
    if (error instanceof Problem && error.code === 'conflict') return undefined
    throw error
  }
}
