import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { toShillings } from '../money.ts'
import { findOwing } from '../invoices/by-reference.ts'
import { dueOf } from '../invoices/invoice.ts'
import { findAwaitedAmounts } from '../payments/candidates.ts'
import type { MoneyTold, Unwanted } from '../providers/money-told.ts'
import { loopbackAllowed, reachOf } from '../webhooks/endpoint-url.ts'
import { isSuccess } from '../webhooks/post.ts'
import { isSameReference } from '../reference.ts'
import { ruleOf } from './rule.ts'
import type { Rule } from './rule.ts'

type Wanted = 'wanted' | Unwanted

/** Of the eight seconds in which Safaricom wants to hear, the merchant's own server may take four. */
const patienceMs = 4_000

/** Decides by the rule of its account whether money that a customer wants to send is wanted. Nothing moves by it. */
export async function decideWhetherWanted(context: Context, account: Account, told: MoneyTold): Promise<Wanted> {
  const rule = await ruleOf(context, account)
  if (rule.accepts === 'all') return 'wanted'
  // The merchant's server decides by the amount among others, and here is none to show it.
  if (rule.accepts === 'what_url_accepts' && told.amount_cents === null) return defaultOf(account)
  if (rule.accepts === 'what_url_accepts') return askMerchant(context, account, rule.url!, told)
  if (!told.reference) return 'unknown_reference'
  if (rule.accepts === 'known_reference' && isKnown(rule, told.reference)) return 'wanted'
  const amounts = await findAwaitedAmounts(context, account, told.reference)
  const { merchant_id, environment } = account
  const typed = { merchant_id, environment, reference: told.reference, paid_at: context.clock.now() }
  const invoices = (await findOwing(context, [typed]))[0]!
  if (amounts.length + invoices.length === 0) return 'unknown_reference'
  if (rule.accepts === 'known_reference') return 'wanted'
  const cents = told.amount_cents ?? 0
  const isOwed = invoices.some((invoice) => (invoice.instalments ? cents <= dueOf(invoice) : cents === dueOf(invoice)))
  return isOwed || amounts.includes(cents) ? 'wanted' : 'wrong_amount'
}

function isKnown({ known_references }: Rule, reference: string): boolean {
  return known_references.some((known) => isSameReference(known, reference))
}

/** What an account does with a payment when nobody can say in time whether it is wanted. */
export function defaultOf({ c2b_default_action }: Account): Wanted {
  return c2b_default_action === 'accept' ? 'wanted' : 'unwanted'
}

const answer = z.object({
  accept: z.boolean(),
  because: z.enum(['unknown_reference', 'wrong_amount', 'unwanted']).default('unwanted'),
})

async function askMerchant(context: Context, account: Account, url: string, told: MoneyTold): Promise<Wanted> {
  const question = {
    provider: account.provider,
    environment: account.environment,
    shortcode: account.shortcode,
    amount: toShillings(told.amount_cents!),
    currency: 'KES',
    account_reference: told.reference,
    provider_receipt: told.receipt,
    payer: { name: told.payer_name, phone: told.phone ?? told.phone_masked },
  }
  const mode = account.environment === 'live' ? 'live' : 'test'
  const heard = await context.guardedFetch(url, {
    merchant_id: account.merchant_id,
    headers: { 'Content-Type': 'application/json', 'User-Agent': 'Lango' },
    body: JSON.stringify(question),
    reach: reachOf({ url, mode }, await loopbackAllowed(context)),
    timeoutMs: patienceMs,
  })
  const said = heard.kind === 'answered' && isSuccess(heard.status) ? read(heard.body) : undefined
  if (!said) {
    const reason =
      heard.kind === 'failed'
        ? heard.reason
        : `It answered ${heard.status}, without {"accept": true} or {"accept": false}.`
    context.log.warn(
      { account_id: account.id, reason },
      "The merchant's server did not say whether a payment is wanted.",
    )
    return defaultOf(account)
  }
  return said.accept ? 'wanted' : said.because
}

function read(body: string): z.infer<typeof answer> | undefined {
  try {
    return answer.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}
