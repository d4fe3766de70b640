import { accountOf } from '../accounts/find.ts'
import { findFirstRequests, hashRequest } from '../api/idempotency.ts'
import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { firstIdOf, showId } from '../id.ts'
import type { Invoice } from '../invoices/invoice.ts'
import type { Link } from '../links/link.ts'
import { createPayment } from '../payments/create.ts'
import type { PaymentInput } from '../payments/intent.ts'
import { payInvoice } from '../payments/pay-invoice.ts'
import type { ProviderName } from '../providers/names.ts'
import { Problem } from '../problem.ts'

/** What a payer asks for at a page that is no payment's yet. `seen` is how many payments the page knew of. */
export type Wish = Pick<PaymentInput, 'amount_cents' | 'phone' | 'customer'> & {
  seen: string
  /** Where that is another than the bill's own. */
  provider?: ProviderName
}

/** What is paid: an invoice, or at a link. */
export type Payable = { kind: 'inv'; bill: Invoice } | { kind: 'lnk'; bill: Link }

const oftenMs = 10 * 60_000
const oftenMax = 5

/**
 * Begins a payment of an invoice, or at a link, for a payer who asks for it, and answers its id. Whoever presses twice begins one.
 * Undefined where this phone was asked too often: anybody could type anybody's number; or where too many bills were made of one.
 * @throws a Problem where that is not owed any longer, or cannot be paid.
 */
export async function begin(
  context: Context,
  payable: Payable,
  { seen, provider, ...wish }: Wish,
): Promise<string | undefined> {
  const { merchant_id, id, environment } = payable.bill
  if (await isAskedTooOften(context, payable, wish)) return undefined
  const who = wish.phone ?? wish.customer?.id_number ?? ''
  const key = [showId(payable.kind, id), seen.slice(0, 20), who, wish.amount_cents].join(' ')
  const idempotency = { merchant_id, route: 'pay page', key, request_hash: hashRequest(key) }
  const mode = environment === 'live' ? ('live' as const) : ('test' as const)
  const asked = { merchant_id, mode, ...wish, idempotency }
  try {
    const creation =
      payable.kind === 'inv'
        ? await payInvoice(context, { ...asked, provider, id })
        : await payAtLink(context, payable.bill, { ...asked, provider })
    if ('made' in creation) return creation.made.id
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'idempotency_in_progress')) throw error
  }
  return (await findFirstRequests(context, [idempotency]))[0]!.object_id
}

type Asked = Pick<
  Parameters<typeof createPayment>[1],
  'merchant_id' | 'mode' | 'amount_cents' | 'phone' | 'customer' | 'idempotency'
> &
  Pick<Wish, 'provider'>

async function payAtLink(context: Context, link: Link, { provider = link.provider, ...asked }: Asked) {
  const account = await accountOf(context, link)
  return createPayment(context, {
    ...asked,
    provider,
    account: account.ended_at || provider !== link.provider ? undefined : showId('acc', account.id),
    description: link.name,
    metadata: link.metadata,
    return_url: link.return_url ?? undefined,
    link_id: link.id,
    link_is_limited: link.uses_max !== null,
    origin: 'link',
  })
}

async function isAskedTooOften(
  { database, clock }: Context,
  { kind, bill: { merchant_id, id } }: Payable,
  { phone, customer }: Pick<Wish, 'phone' | 'customer'>,
): Promise<boolean> {
  const id_number = customer?.id_number
  if (!phone && !id_number && kind === 'lnk') return false
  const atLink = sql`link_id = ${id} and payer_id_number = ${id_number ?? null}`
  const whose = phone ? sql`phone = ${phone}` : kind === 'lnk' ? atLink : sql`invoice_id = ${id} and phone is null`
  const { count } = await database.one<{ count: number }>(sql`
    select count(*)::int as count from payments where merchant_id = ${merchant_id} and ${whose}
      and id >= ${firstIdOf(later(clock.now(), -oftenMs))} and origin in ('invoice', 'link') and status <> 'completed'`)
  return count >= oftenMax
}
