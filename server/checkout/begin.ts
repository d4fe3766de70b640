import { accountOf } from '../accounts/find.ts'
import { findFirstRequests, hashRequest } from '../api/idempotency.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf, showId } from '../id.ts'
import type { Invoice } from '../invoices/invoice.ts'
import type { Link } from '../links/link.ts'
import { createPayment } from '../payments/create.ts'
import { payInvoice } from '../payments/pay-invoice.ts'
import { Problem } from '../problem.ts'

/** What a payer asks for at a page that is no payment's yet. `seen` is how many payments the page knew of. */
export type Wish = { amount_cents: number; phone?: string; seen: string }

/** What is paid: an invoice, or at a link. */
export type Payable = { kind: 'inv'; bill: Invoice } | { kind: 'lnk'; bill: Link }

const oftenMs = 10 * 60_000
const oftenMax = 5

/**
 * Begins a payment of an invoice, or at a link, for a payer who asks for it, and answers its id. Whoever presses twice begins one.
 * Undefined where this phone was asked too often: anybody could type anybody's number.
 * @throws a Problem where that is not owed any longer, or cannot be paid.
 */
export async function begin(context: Context, payable: Payable, wish: Wish): Promise<string | undefined> {
  const { merchant_id, id, environment } = payable.bill
  if (wish.phone && (await isAskedTooOften(context, merchant_id, wish.phone))) return undefined
  const key = [showId(payable.kind, id), wish.seen.slice(0, 20), wish.phone ?? '', wish.amount_cents].join(' ')
  const idempotency = { merchant_id, route: 'pay page', key, request_hash: hashRequest(key) }
  const mode = environment === 'live' ? ('live' as const) : ('test' as const)
  const asked = { merchant_id, mode, amount_cents: wish.amount_cents, phone: wish.phone, idempotency }
  try {
    const creation =
      payable.kind === 'inv'
        ? await payInvoice(context, { ...asked, id })
        : await payAtLink(context, payable.bill, asked)
    if ('made' in creation) return creation.made.id
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'idempotency_in_progress')) throw error
  }
  return (await findFirstRequests(context, [idempotency]))[0]!.object_id
}

type Asked = Pick<
  Parameters<typeof createPayment>[1],
  'merchant_id' | 'mode' | 'amount_cents' | 'phone' | 'idempotency'
>

async function payAtLink(context: Context, link: Link, asked: Asked) {
  const account = await accountOf(context, link)
  return createPayment(context, {
    ...asked,
    provider: link.provider,
    account: account.ended_at ? undefined : showId('acc', account.id),
    description: link.name,
    metadata: link.metadata,
    return_url: link.return_url ?? undefined,
    link_id: link.id,
    origin: 'link',
  })
}

async function isAskedTooOften({ database, clock }: Context, merchant_id: string, phone: string): Promise<boolean> {
  const { count } = await database.one<{ count: number }>(sql`
    select count(*)::int as count from payments where merchant_id = ${merchant_id} and phone = ${phone}
      and id >= ${firstIdOf(later(clock.now(), -oftenMs))} and origin in ('invoice', 'link') and status <> 'completed'`)
  return count >= oftenMax
}
