import type { Context } from '../context.ts'
import { concurrently } from '../database/concurrently.ts'
import { newId } from '../id.ts'
import { findOwing } from '../invoices/by-reference.ts'
import type { Invoice } from '../invoices/invoice.ts'
import { findReceived } from '../money-in/find.ts'
import type { MoneyIn } from '../money-in/money-in.ts'
import { findCandidates } from '../payments/candidates.ts'
import { findRecovered } from '../payments/recovered.ts'
import type { Payment } from '../payments/payment.ts'
import type { PaymentEffect } from '../payments/effect.ts'
import type { Comparing, Comparison, Readable } from './comparison.ts'
import type { Run } from './run.ts'

const queriesAtOnce = 8

type Case = {
  record: Readable
  money: MoneyIn | undefined
  comparison?: Comparison
  payment?: Payment
  near?: Payment[]
}

/**
 * Compares what customers paid with the books. A record that the books do not explain completes the one payment that it can
 * belong to, gives its receipt to one completed without, or becomes a payment of the open invoice that has its reference; any other
 * is entered as unmatched money.
 */
export async function comparePayments(
  context: Context,
  comparing: Comparing,
  records: Readable[],
): Promise<Comparison[]> {
  const { run } = comparing
  const { merchant_id, provider, environment } = run
  const known = await findReceived(
    context,
    records.map(({ receipt }) => ({ merchant_id, provider, environment, receipt })),
  )
  const cases: Case[] = records.map((record, index) => ({
    record,
    money: known[index],
    comparison: judge(record, known[index]),
  }))
  await creditRun(context, run, cases)

  // What one record settles is out of question for the others: they are asked again, until nothing more becomes clear.
  let open = cases.filter(({ comparison }) => !comparison)
  for (let isClearer = true; isClearer && open.length > 0;) {
    await findPayments(context, comparing, open)
    const meant = open.filter(({ payment }) => payment)
    await settle(context, comparing, meant)
    isClearer = meant.length > 0 || open.some(({ comparison }) => comparison?.reason === 'contradicted')
    open = open.filter(({ comparison }) => comparison!.reason === 'several_payments')
  }
  const owed = await findInvoices(context, comparing, cases)
  await enterUnmatched(context, comparing, cases)
  await payInvoices(context, comparing, owed)
  return cases.map(({ comparison }) => comparison!)
}

/** What the books alone say; undefined where a payment is to be looked for. */
function judge({ amount_cents, repeats }: Readable, money: MoneyIn | undefined): Comparison | undefined {
  // Of two amounts for one receipt nobody knows which is right: it settles nothing, and is shown to a person.
  if (!money) return repeats ? { outcome: 'mismatched', reason: 'two_amounts' } : undefined
  const { payment_id } = money
  if (money.amount_cents !== amount_cents)
    return { outcome: 'mismatched', reason: 'wrong_amount', payment_id, expected_cents: money.amount_cents }
  if (payment_id) return { outcome: 'matched', reason: 'known', payment_id }
  if (money.reversed_at) return { outcome: 'matched', reason: 'reversed' }
  if (money.match_at) return { outcome: 'matched', reason: 'waiting', candidates: money.candidates }
  return undefined
}

/** What this very run has settled, before it was interrupted, is still its own comparison. */
async function creditRun(context: Context, run: Run, cases: Case[]): Promise<void> {
  const matched = cases.filter(({ comparison }) => comparison?.reason === 'known')
  const effects = await findRecovered(context, {
    merchant_id: run.merchant_id,
    source: run.source,
    since_id: run.id,
    payment_ids: matched.map(({ comparison }) => comparison!.payment_id!),
  })
  for (const { record, comparison } of matched) {
    const effect = effects.get(record.receipt)
    if (effect) Object.assign(comparison!, { outcome: 'recovered', reason: effect })
  }
}

async function findPayments(context: Context, { run, deeds }: Comparing, open: Case[]): Promise<void> {
  const { merchant_id, provider_account_id } = run
  const candidates = await findCandidates(
    context,
    open.map(({ record }) => ({ ...record, merchant_id, provider_account_id, paid_at: [record.at, ...record.at_or] })),
  )
  await concurrently(
    open.map((found, index) => ({ found, ...candidates[index]! })),
    queriesAtOnce,
    async ({ found, fitting, near }) => {
      const [payment, ...more] = fitting.filter((one) => !deeds.isSettled(one))
      if (!payment) found.comparison = unmatched('no_payment', near)
      else if (more.length > 0) found.comparison = unmatched('several_payments', fitting)
      else if (await deeds.isDenied(context, payment)) found.comparison = unmatched('contradicted', fitting)
      else found.payment = payment
    },
  )
}

function unmatched(reason: string, candidates: Payment[]): Comparison {
  return { outcome: 'not_found', reason, candidates: candidates.map(({ id }) => id) }
}

async function settle(context: Context, { run: { source }, deeds }: Comparing, cases: Case[]): Promise<void> {
  const at = context.clock.now()
  const effects = await deeds.settlePayments(
    context,
    cases.map(({ record, payment }) => ({
      payment: payment!,
      evidence: {
        id: newId(at),
        merchant_id: payment!.merchant_id,
        payment_id: payment!.id,
        source,
        at,
        verdict: 'success',
        receipt: record.receipt,
        amount_cents: record.amount_cents,
        paid_at: record.at,
        raw: Buffer.from(record.raw),
      },
    })),
  )
  cases.forEach((found, index) => (found.comparison = comparisonOf(effects[index]!, found.payment!)))
}

function comparisonOf(effect: PaymentEffect, payment: Payment): Comparison {
  if (effect === 'completed' || effect === 'receipt')
    return { outcome: 'recovered', reason: effect, payment_id: payment.id }
  // Another piece of evidence said the same at this moment.
  if (effect === 'informed') return { outcome: 'matched', reason: 'known', payment_id: payment.id }
  return unmatched(effect, [payment])
}

type Owed = { found: Case; invoice: Invoice }

/** The open invoices that alone have the references of what no payment explains. */
async function findInvoices(context: Context, { run }: Comparing, cases: Case[]): Promise<Owed[]> {
  const { merchant_id, environment } = run
  const free = cases.filter(({ comparison, money }) => comparison!.reason === 'no_payment' && !money?.reserved_cents)
  const owing = await findOwing(
    context,
    free.map(({ record }) => ({ ...record, merchant_id, environment, paid_at: latest(record) })),
  )
  return free.flatMap((found, index) => {
    const [invoice, ...others] = owing[index]!
    if (others.length > 0) found.comparison = { ...found.comparison!, reason: 'several_invoices' }
    return invoice && others.length === 0 ? [{ found, invoice }] : []
  })
}

/** Makes payments of money that is in the books by now, as is done with money of which the provider itself tells. */
async function payInvoices(context: Context, { run, deeds }: Comparing, owed: Owed[]): Promise<void> {
  const { merchant_id, provider, environment, provider_account_id, source } = run
  const paid = await deeds.payByMoney(
    context,
    owed.map(({ found: { record }, invoice }) => ({
      money: { ...record, merchant_id, provider, environment, provider_account_id, paid_at: record.at },
      invoice,
      evidence: {
        source,
        raw: Buffer.from(record.raw),
        message: `It has the reference of the invoice ${invoice.reference}.`,
      },
    })),
  )
  for (const [index, { found }] of owed.entries()) {
    const { payment_id = null, effect } = paid[index]!
    if (effect === 'completed' || effect === 'informed')
      found.comparison = { outcome: 'recovered', reason: 'invoice', payment_id }
  }
}

function latest({ at, at_or }: Readable): Date {
  return [at, ...at_or].reduce((one, other) => (one > other ? one : other))
}

async function enterUnmatched(context: Context, { run, deeds }: Comparing, cases: Case[]): Promise<void> {
  const { merchant_id, provider, environment, provider_account_id } = run
  const isNews = ({ money, comparison }: Case) =>
    comparison!.reason === 'two_amounts' ||
    (comparison!.outcome === 'not_found' && (!money || comparison!.candidates!.length > 0))
  const told = cases.filter(isNews)
  if (told.length === 0) return
  await deeds.receiveMoney(
    context,
    told.map(({ record, comparison }) => ({
      merchant_id,
      provider,
      environment,
      provider_account_id,
      receipt: record.receipt,
      amount_cents: record.amount_cents,
      kind: record.money,
      phone: record.phone,
      phone_masked: record.phone_masked,
      phone_hash: record.phone_hash,
      payer_name: record.payer_name,
      reference: record.reference,
      paid_at: record.at,
      match_at: null,
      unmatched_because: comparison!.reason,
      candidates: comparison!.candidates ?? undefined,
    })),
  )
}
