import type { Reply } from '../callbacks/act.ts'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { PaymentEvidence, FailureCode } from '../payments/evidence.ts'
import type { Payment } from '../payments/payment.ts'
import type { Payout } from '../payouts/payout.ts'
import type { Refund } from '../refunds/refund.ts'
import type { TokenSubject } from '../token.ts'

export type ProviderName = 'mpesa' | 'pesaflow'
export type Environment = 'simulator' | 'sandbox' | 'live'

/** The provider took the request. Nothing is paid yet. */
export type Accepted = { kind: 'accepted'; provider_ref: string; merchant_request_id?: string; raw: string }
/** The provider, or its gateway, said no: nothing was done. */
export type Refused = { kind: 'refused'; code: string; message: string; raw: string }
/** Nobody knows whether the request arrived. It is never sent again. */
export type Unknown = { kind: 'unknown'; message: string; raw?: string }

/** The provider took a request of which it tells the outcome later, by callback, under these ids. */
export type Acknowledged = {
  kind: 'accepted'
  originator_conversation_id: string
  conversation_id: string
  message: string
  raw: string
}

/** What a provider says about a payment, without the words of who asked and when. */
export type PaymentFinding = Pick<
  PaymentEvidence,
  | 'verdict'
  | 'failure_code'
  | 'message'
  | 'provider_code'
  | 'receipt'
  | 'amount_cents'
  | 'paid_at'
  | 'provider_ref'
  | 'merchant_request_id'
> & { raw?: string }

/** What a provider says about a refund. */
export type RefundFinding = {
  verdict: 'success' | 'failure' | null
  failure_code?: RefundFailureCode
  message?: string
  provider_code?: string
  /** The receipt of the money going back. */
  receipt?: string
  /** The receipt of the money that came. */
  original_receipt?: string
  amount_cents?: number
  /** When the money went back, by the provider's clock. */
  gone_at?: Date
  conversation_id?: string
  originator_conversation_id?: string
}

/** Why a refund failed, in our words. `provider_code` beside it keeps the provider's own. */
export type RefundFailureCode =
  | 'refused'
  | 'already_reversed'
  | 'not_reversible'
  | 'insufficient_funds'
  | 'account_inactive'
  | 'operator_not_permitted'
  | 'operator_invalid'
  | 'operator_locked'
  | 'product_missing'
  | 'provider_error'

/** What a provider says about a payout. */
export type PayoutFinding = {
  verdict: 'success' | 'failure' | null
  failure_code?: PayoutFailureCode
  message?: string
  provider_code?: string
  receipt?: string
  amount_cents?: number
  paid_at?: Date
  /** Who received it, as the provider names them. */
  receiver_name?: string
  conversation_id?: string
  originator_conversation_id?: string
}

/** Why a payout failed, in our words. `provider_code` beside it keeps the provider's own. */
export type PayoutFailureCode =
  | 'refused'
  | 'rejected'
  | 'insufficient_funds'
  | 'limit_exceeded'
  | 'receiver_full'
  | 'receiver_invalid'
  | 'account_inactive'
  | 'operator_not_permitted'
  | 'operator_invalid'
  | 'operator_locked'
  | 'product_missing'
  | 'provider_error'

/** A payout before it exists: what the provider can object to. */
export type PayoutRequest = Pick<Payout, 'kind' | 'amount_cents' | 'account_reference'>

/** A question for one transaction: its receipt, or the id of the request that made it. The answer comes to the subject's address. */
export type StatusQuestion = { subject: TokenSubject } & ({ receipt: string } | { request_id: string })

/** What a provider answers when asked about a transaction. */
export type StatusAnswer = {
  /** Undefined while it is under way, and for a transaction that the provider does not find. */
  state?: 'completed' | 'failed' | 'reversed'
  failure_code?: FailureCode
  /** Which way the money went, seen from the account that asked. */
  direction?: 'in' | 'out'
  provider_code: string
  message: string
  receipt?: string
  amount_cents?: number
  at?: Date
  payer?: { phone?: string; phone_masked?: string; name?: string }
  /** The ids of the request that made the transaction. */
  request_id?: string
  conversation_id?: string
  initiated_at?: Date
}

/** What one of an account's pots holds. Shillings as decimal strings; the charges paid are below 0. */
export type Balance = {
  name: string
  currency: string
  current: string
  available: string
  reserved: string
  uncleared: string
}

/** Where a provider is to tell of money that customers send of their own accord, and what it does while nobody answers there. */
export type MoneyAddresses = { confirmation_url: string; validation_url: string; default_action: 'accept' | 'reject' }

/** The provider knows the account now, or did before. */
export type Registered = { kind: 'registered'; wasRegistered: boolean }

/** Money of which a provider tells: that a customer wants to send it, or has sent it. */
export type MoneyTold = {
  receipt: string
  amount_cents: number
  shortcode: string | undefined
  reference: string | null
  payer_name: string | null
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  paid_at: Date | null
  /** True where the body itself says that the money has moved. */
  hasMoved: boolean
}

/** Why a customer's money is not wanted. */
export type Unwanted = 'unknown_reference' | 'wrong_amount' | 'wrong_shortcode' | 'unwanted'

/** A part of the provider's records: a window of time, and how many records to skip. */
export type RecordQuery = { from: Date; until: Date; offset: number }
export type RecordPage = { kind: 'page'; records: ProviderRecord[] }

/** A statement of an account, oldest first. */
export type Statement = {
  /** Whose it is, where it says so. */
  shortcode: string | undefined
  records: ProviderRecord[]
  /** Lines that are no movement: what failed, sums. */
  ignored: number
}

/** One movement of an account's money, as the provider keeps it. */
export type ProviderRecord = {
  kind: 'payment' | 'reversal' | 'payout' | 'charge' | 'transfer'
  /** How a customer's money came, as far as the record says. */
  money: 'stk' | 'c2b' | 'other'
  direction: 'in' | 'out'
  receipt: string
  /** Null where the record names none that can be read. */
  amount_cents: number | null
  phone: string | null
  phone_masked: string | null
  phone_hash: string | null
  /** Another organisation's, where it was the other party. */
  shortcode: string | null
  payer_name: string | null
  reference: string | null
  /** In the provider's words. */
  type: string | null
  /** The movement that this one takes back, or belongs to. */
  linked_receipt: string | null
  at: Date | null
  /** Other moments that could be meant, where the provider leaves its time zone open. */
  at_or: Date[]
  raw: string
}

/** One upstream that moves money. An optional verb that is missing is answered 422 `not_supported`. */
export type Provider = {
  /** Asks the payer to pay. Called after the intent is committed, and outside every transaction. Never throws for what the provider does. */
  requestPayment(context: Context, account: Account, payment: Payment): Promise<Accepted | Refused | Unknown>
  /** Asks what became of a payment. No verdict is no verdict: it says nothing about the payment. */
  checkPayment(context: Context, account: Account, payment: Payment): Promise<PaymentFinding>
  /** Reads a callback about a payment; undefined when it is none. */
  readCallback(body: unknown): Omit<PaymentFinding, 'raw'> | undefined
  /** Refuses what the provider would refuse, before anything is stored. Throws a Problem. */
  refuseUnpayable(request: { amount_cents: number; account_reference?: string }): void
  /** Gives money back, all of a receipt or a part. The outcome comes by callback. */
  refund?(context: Context, account: Account, refund: Refund): Promise<Acknowledged | Refused | Unknown>
  /** Refuses a refund that the provider would refuse, before anything is stored. Throws a Problem. */
  refuseUnrefundable?(account: Account, refund: { amount_cents: number }): void
  /** Reads the outcome of a refund; undefined when the body is none. */
  readRefund?(body: unknown): RefundFinding | undefined
  /** Sends money. The outcome comes by callback. A request that may have come before is `unknown`, never refused. */
  payOut?(context: Context, account: Account, payout: Payout): Promise<Acknowledged | Refused | Unknown>
  /** The id of ours that the request for a payout carries, where the provider takes one. */
  payoutRequestId?(payout: Pick<Payout, 'id' | 'kind'>): string | null
  /** Refuses a payout that the provider would refuse, before anything is stored. Throws a Problem. */
  refuseUnsendable?(account: Account, payout: PayoutRequest): void
  /** Reads the outcome of a payout; undefined when the body is none. */
  readPayout?(body: unknown): PayoutFinding | undefined
  /** Asks what became of a transaction. The answer comes by callback. Throws a Problem where the account has nobody who may ask. */
  askStatus?(context: Context, account: Account, question: StatusQuestion): Promise<Acknowledged | Refused | Unknown>
  /** True where the account has somebody who may ask. */
  canAskStatus?(account: Account): boolean
  /** Reads the answer about a transaction; undefined when the body is none. */
  readStatus?(account: Account, body: unknown): StatusAnswer | undefined
  /** Asks what the account holds. The answer comes by callback. Throws a Problem where the account has nobody who may ask. */
  askBalance?(context: Context, account: Account): Promise<Acknowledged | Refused | Unknown>
  /** Reads the answer: the balances, or why there are none; undefined when the body is none. */
  readBalance?(body: unknown): { balances: Balance[]; at?: Date } | { problem: string } | undefined
  /** The id of the request that a body tells the outcome of; undefined when it is no such body. */
  readRequestId?(body: unknown): string | undefined
  /** True for a body that tells the provider's queue gave up waiting: it says nothing about what became of the request. */
  isTimeout?(body: unknown): boolean
  /** Registers where to tell of money that customers send of their own accord. Safe to repeat. */
  registerMoneyIn?(
    context: Context,
    account: Account,
    addresses: MoneyAddresses,
  ): Promise<Registered | Refused | Unknown>
  /** Reads what a provider tells of such money, before it moves and after; undefined when the body is none. */
  readMoneyIn?(body: unknown): MoneyTold | undefined
  /** What the provider expects to hear before such money moves, and after. */
  replyToValidation?(verdict: 'wanted' | Unwanted): Reply
  replyToConfirmation?(): Reply
  /** Registers the account for the provider's records. Safe to repeat. */
  registerRecords?(
    context: Context,
    account: Account,
    registration: { callback_url: string; nominated_number: string },
  ): Promise<Registered | Refused | Unknown>
  /** Reads one page of the provider's records; a page without records is the end. */
  listRecords?(context: Context, account: Account, query: RecordQuery): Promise<RecordPage | Refused | Unknown>
  /** Reads a statement as the provider exports it. Throws a Problem when it is none. */
  readStatement?(content: Buffer): Statement
}
