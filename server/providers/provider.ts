import type { Account } from '../merchants/account.ts'
import type { Context } from '../context.ts'
import type { Evidence } from '../payments/evidence.ts'
import type { Payment } from '../payments/payment.ts'

export type ProviderName = 'mpesa' | 'pesaflow'
export type Environment = 'simulator' | 'sandbox' | 'live'

/** The provider took the request. Nothing is paid yet. */
export type Accepted = { kind: 'accepted'; provider_ref: string; merchant_request_id?: string; raw: string }
/** The provider, or its gateway, said no: nothing was done. */
export type Refused = { kind: 'refused'; code: string; message: string; raw: string }
/** Nobody knows whether the request arrived. It is never sent again. */
export type Unknown = { kind: 'unknown'; message: string; raw?: string }

/** What a provider says about a payment, without the words of who asked and when. */
export type Finding = Pick<
  Evidence,
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

/** One upstream that moves money. An optional verb that is missing is answered 422 `not_supported`. */
export type Provider = {
  /** Asks the payer to pay. Called after the intent is committed, and outside every transaction. Never throws for what the provider does. */
  requestPayment(context: Context, account: Account, payment: Payment): Promise<Accepted | Refused | Unknown>
  /** Asks what became of a payment. No verdict is no verdict: it says nothing about the payment. */
  checkPayment(context: Context, account: Account, payment: Payment): Promise<Finding>
  /** Reads a callback about a payment; undefined when it is none. */
  readCallback(body: unknown): Omit<Finding, 'raw'> | undefined
  /** Refuses what the provider would refuse, before anything is stored. Throws a Problem. */
  refuseUnpayable(request: { amount_cents: number; account_reference?: string }): void
}
