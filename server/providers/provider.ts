import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { BalanceAnswer } from './balance.ts'
import type { Examined } from './examined.ts'
import type { PaymentFinding, PayoutFinding, RefundFinding } from './finding.ts'
import type { MoneyAddresses, MoneyTold, Unwanted } from './money-told.ts'
import type { Accepted, Acknowledged, Refused, Registered, Unknown } from './outcome.ts'
import type { Posted, ProviderReply, Signature } from './posted.ts'
import type { QrDrawn, QrRequest } from './qr.ts'
import type { RecordPage, RecordQuery } from './record.ts'
import type { PaymentRequest, PayoutRequest, RefundRequest } from './request.ts'
import type { SentFile, StatementOptions, StatementReading } from './statement.ts'
import type { StatusAnswer, StatusQuestion } from './status.ts'

/**
 * One upstream that moves money, by what it can do. A capability that is missing is answered 422 `not_supported`.
 * No verb is called inside a transaction, and none throws for what the provider does or is.
 */
export type Provider = {
  payments: Payments
  callbacks: Callbacks
  refunds?: Refunds
  payouts?: Payouts
  statuses?: Statuses
  balances?: Balances
  moneyIn?: MoneyIn
  records?: Records
  qrCodes?: QrCodes
  credentials?: Credentials
}

/** To collect money from a payer. */
export type Payments = {
  /** The most that one payment takes. */
  amount_cents_max: number
  /** How the payer is asked: by a prompt on their phone; or at a page of the provider's, where `checkout_url` leads. */
  asks: 'by_prompt' | 'at_page'
  /** How long the provider may still have something to say, and what to say when it has not: then the payment fails. */
  window: { ms: number; over: string }
  /** Refuses what the provider would refuse, before anything is stored. Throws a Problem. */
  refuse(request: { amount_cents: number; account_reference?: string }): void
  /** Refuses a payer of whom the provider has to know more. Throws a Problem. */
  refusePayer?(payer: Payer): void
  /**
   * Asks the payer to pay. Called once in a payment's life, after the intent is committed.
   */
  request(context: Context, account: Account, payment: PaymentRequest): Promise<Accepted | Refused | Unknown>
  /**
   * Asks the same again, after an outcome that nobody knows. Only where the provider knows it for the same request, and nothing can
   * be paid twice by it: no prompt is sent.
   */
  requestAgain?(context: Context, account: Account, payment: PaymentRequest): Promise<Accepted | Refused | Unknown>
  /** Asks what became of a payment. No verdict is no verdict: it says nothing about the payment. */
  check(context: Context, account: Account, payment: PaymentRequest): Promise<PaymentFinding>
  /** Whether a page of the provider's lets itself be shown inside one of ours, which it says itself. Only where there is such a page. */
  mayFrame?(context: Context, page: string): Promise<boolean>
  /** What a body names, where a merchant's own program posts it to have a payment asked about; undefined when it names none. */
  names?(posted: Posted): Named | undefined
  /** Reads a callback about a payment, which may tell of several receipts; undefined when it is none. */
  read(posted: Posted): Told[] | undefined
}

/** A payment as somebody names it: by the provider's id, or by its reference, and by what of that is the payment's alone. */
export type Named = {
  provider_ref?: string | undefined
  reference?: string | undefined
  own_reference?: string | undefined
}

/** What a callback says. */
export type Told = Omit<PaymentFinding, 'raw'>

/** Whoever pays, as far as the merchant told. */
export type Payer = { name?: string; email?: string; phone?: string; id_number?: string }

/** What is true of all that the provider posts to us. */
export type Callbacks = {
  /** Other paths than those that we hand out, at which it may post, in the form of a route: `/…/:token?`. */
  paths: string[]
  /** The headers of its bodies that say something, in lower case. */
  headers: string[]
  /** What it expects to hear when its body was taken, and when that is no callback of its. */
  accepted: ProviderReply
  refused: ProviderReply
  /** False where a body is worth a question and no more, whoever posts it: the provider is asked before anything is believed. */
  isProof: boolean
  /** True for the addresses that it lists as the source of what it posts. */
  isListed(address: string): boolean
  /** What the signature of a body says, by the secrets of its account where that is known. */
  judge(posted: Posted, account?: Account): Signature | Promise<Signature>
  /** The id that it gave the request of which a body tells the outcome; undefined when it is no such body. */
  requestId(posted: Posted): string | undefined
  /** True for a body that tells that its queue gave up waiting: it says nothing about what became of the request. */
  isTimeout(posted: Posted): boolean
}

/** To give money back, all of a receipt or a part. The outcome comes by callback. */
export type Refunds = {
  /** Refuses what the provider would refuse, before anything is stored. Throws a Problem. */
  refuse(account: Account, refund: { amount_cents: number }): void
  request(context: Context, account: Account, refund: RefundRequest): Promise<Acknowledged | Refused | Unknown>
  /** Reads the outcome of a refund; undefined when the body is none. */
  read(posted: Posted): RefundFinding | undefined
}

/** To send money. The outcome comes by callback. */
export type Payouts = {
  /** Refuses what the provider would refuse, before anything is stored. Throws a Problem. */
  refuse(account: Account, payout: Pick<PayoutRequest, 'kind' | 'amount_cents' | 'account_reference'>): void
  /** The id of ours that the request for a payout carries, where the provider takes one. */
  requestId(payout: Pick<PayoutRequest, 'id' | 'kind'>): string | null
  /** A request that may have come before is `unknown`, never refused. */
  request(context: Context, account: Account, payout: PayoutRequest): Promise<Acknowledged | Refused | Unknown>
  /** Reads the outcome of a payout; undefined when the body is none. */
  read(posted: Posted): PayoutFinding | undefined
}

/** To ask what became of one transaction. The answer comes by callback. */
export type Statuses = {
  /** True where the account has somebody who may ask. */
  canAsk(account: Account): boolean
  /** Throws a Problem where the account has nobody who may ask. */
  ask(context: Context, account: Account, question: StatusQuestion): Promise<Acknowledged | Refused | Unknown>
  /** Reads the answer; undefined when the body is none. */
  read(account: Account, posted: Posted): StatusAnswer | undefined
}

/** To ask what the account holds. The answer comes by callback. */
export type Balances = {
  /** Throws a Problem where the account has nobody who may ask. */
  ask(context: Context, account: Account): Promise<Acknowledged | Refused | Unknown>
  /** Reads the answer; undefined when the body is none. */
  read(posted: Posted): BalanceAnswer | undefined
}

/** To hear of money that customers send of their own accord. */
export type MoneyIn = {
  /** Registers where to tell of it. Safe to repeat. */
  register(context: Context, account: Account, addresses: MoneyAddresses): Promise<Registered | Refused | Unknown>
  /** Reads what is told, before the money moves and after; undefined when the body is none. */
  read(posted: Posted): MoneyTold | undefined
  /** What the provider expects to hear before such money moves, and after. */
  replyToValidation(verdict: 'wanted' | Unwanted): ProviderReply
  replyToConfirmation(): ProviderReply
}

/** To have a code drawn that the payer's app reads. It moves no money, and is told at once. */
export type QrCodes = {
  /** Refuses what the provider would refuse. Throws a Problem. */
  refuse(request: QrRequest): void
  draw(context: Context, account: Account, request: QrRequest): Promise<QrDrawn | Refused | Unknown>
}

/** To find out whether what an account was given is right. No money moves. */
export type Credentials = { examine(context: Context, account: Account): Promise<Examined[]> }

/** To read the provider's own records. */
export type Records = {
  /** Registers the account for them. Safe to repeat. */
  register(
    context: Context,
    account: Account,
    registration: { callback_url: string; nominated_number: string },
  ): Promise<Registered | Refused | Unknown>
  /** One page of them; a page without records is the end. */
  list(context: Context, account: Account, query: RecordQuery): Promise<RecordPage | Refused | Unknown>
  /** Opens a statement as the provider exports it. Throws a Problem when it is none, or when a question must be answered first. */
  openStatement(file: SentFile, options: StatementOptions): Promise<StatementReading>
}
