import type { Context } from '../context.ts'
import { repeated } from '../api/idempotency.ts'
import type { Creation, Repeatable } from '../api/idempotency.ts'
import { accountOf } from '../accounts/find.ts'
import type { Mode } from '../access/key.ts'
import { sql } from '../database/sql.ts'
import type { Queryable, Transaction } from '../database/sql.ts'
import { showId } from '../id.ts'
import { formatKes } from '../money.ts'
import type { Environment, ProviderName } from '../providers/names.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { Problem } from '../problem.ts'
import { findRefund } from './find.ts'
import { claimRefund, insertRefund } from './intent.ts'
import type { Refund } from './refund.ts'
import { requestRefund } from './request.ts'

/** What a merchant asks for. Without an amount all that is left of the money goes back. */
export type MoneyRefundInput = {
  merchant_id: string
  mode: Mode
  receipt: string
  amount_cents?: number
  reason?: string
  origin?: 'api' | 'dashboard'
  /** The caller's Idempotency-Key. */
  idempotency?: Repeatable
}

/** Money in, as far as its going back is concerned. */
type Money = {
  merchant_id: string
  provider: ProviderName
  environment: Environment
  receipt: string
  provider_account_id: string
  payment_id: string | null
  amount_cents: number
  reserved_cents: number
  reversed_cents: number
  match_at: Date | null
}

/**
 * Sends money back that no payment explains, all or a part: its amount is reserved on the money and the intent committed with it,
 * then the provider is called. From then on it is a refund like any other. Money that turns out to be a payment's meanwhile
 * brings its refund with it.
 * @throws a Problem for what cannot be sent back.
 */
export async function refundMoney(context: Context, input: MoneyRefundInput): Promise<Creation<Refund>> {
  const money = await findMoney(context.database, input)
  const account = await accountOf(context, money)
  const refund = await context.database.transaction(async (transaction) => {
    const claim = await claimRefund(context, transaction, input.idempotency)
    if (!claim) return undefined
    const amount_cents = input.amount_cents ?? leftOf(money)
    const { refuse } = supported(
      providerOf(context, money).refunds,
      `Money paid through ${money.provider} cannot be sent back here.`,
    )
    refuseTaken(money, amount_cents)
    refuse(account, { amount_cents })
    if (!(await reserve(transaction, money, amount_cents))) {
      refuseTaken(await findMoney(transaction, input), amount_cents)
      throw new Problem('conflict', 'The money changed at this very moment. Ask again.', 'receipt')
    }
    const { provider_account_id, provider, environment, receipt: payment_receipt } = money
    const of = { provider_account_id, provider, environment, payment_receipt, payment_id: null, of_money: true }
    return insertRefund(context, transaction, { ...claim, input, of, amount_cents })
  })
  if (!refund)
    return repeated(context, input.idempotency!, (id) => findRefund(context, { merchant_id: input.merchant_id, id }))
  await requestRefund(context, account, refund)
  return { made: await findRefund(context, refund), isRepeat: false }
}

/** The money of a receipt; where environments share one, that which no payment explains. */
async function findMoney(
  queryable: Queryable,
  { merchant_id, mode, receipt }: Pick<MoneyRefundInput, 'merchant_id' | 'mode' | 'receipt'>,
): Promise<Money> {
  const [money] = await queryable.query<Money>(sql`
    select * from money_in where merchant_id = ${merchant_id} and receipt = ${receipt} and (${mode} = 'live' or environment <> 'live')
    order by payment_id is null desc, id desc limit 1`)
  if (money) return money
  throw new Problem('not_found', `No money with the receipt ${receipt} has arrived.`, 'receipt')
}

/** What neither went back nor is about to. */
function leftOf({ amount_cents, reserved_cents, reversed_cents }: Money): number {
  return amount_cents - reserved_cents - reversed_cents
}

/** @throws a Problem that says why an amount of this money cannot be sent back, where it cannot. */
function refuseTaken(money: Money, amount_cents: number): void {
  if (money.payment_id) {
    const id = showId('pay', money.payment_id)
    const message = {
      said: `This money belongs to ${id}, and is given back as a refund of it.`,
      byApi: 'That is POST /v1/refunds.',
    }
    throw new Problem('already_assigned', message, 'receipt', { payment_id: id })
  }
  if (money.match_at)
    throw new Problem(
      'conflict',
      'This money may still find its payment by itself, within 3 minutes of its coming. Ask again then.',
      'receipt',
    )
  if (amount_cents <= leftOf(money) && amount_cents > 0) return
  const parts = `${formatKes(money.amount_cents)} came, ${formatKes(money.reversed_cents)} went back and ${formatKes(money.reserved_cents)} is on its way back`
  const message = `At most ${formatKes(leftOf(money))} shillings can be sent back: ${parts}.`
  throw new Problem('refund_exceeds_received', message, 'amount')
}

/** Puts an amount aside on money that is nobody's. One guarded statement: never more than came, however many ask at once. */
async function reserve(
  transaction: Transaction,
  { merchant_id, provider, environment, receipt }: Money,
  amount_cents: number,
): Promise<boolean> {
  const reserved = await transaction.maybe(sql`
    update money_in set reserved_cents = reserved_cents + ${amount_cents}
    where merchant_id = ${merchant_id} and provider = ${provider} and environment = ${environment} and receipt = ${receipt}
      and payment_id is null and match_at is null and reversed_cents + reserved_cents + ${amount_cents} <= amount_cents
    returning 1`)
  return reserved !== undefined
}
