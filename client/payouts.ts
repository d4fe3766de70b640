import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Evidence, Failure, Metadata, Provider } from './payments.ts'

type ForAll = {
  /** Shillings: whole ones, at least 10. */
  amount: number | string
  currency?: 'KES'
  provider?: Provider
  /** Which of your accounts sends it, by its name or id (`acc_…`); the default one where none is named. */
  account?: string
  remarks?: string
  /** Your own name for it, unique among your payouts. */
  external_reference?: string
  metadata?: Metadata
}

export type PayoutReason = 'business_payment' | 'salary_payment' | 'promotion_payment'

/** `b2c` pays a person, `pochi` the business wallet of one, `b2b` a paybill or till. */
export type NewPayout = ForAll &
  (
    | { kind: 'b2c'; phone: string; reason?: PayoutReason }
    | { kind: 'pochi'; phone: string }
    | { kind: 'b2b'; shortcode: string; shortcode_type: 'till'; account_reference?: string }
    | { kind: 'b2b'; shortcode: string; shortcode_type?: 'paybill'; account_reference: string }
  )

export type PayoutStatus = 'awaiting_approval' | 'pending' | 'completed' | 'failed' | 'returned'

export type Payout = {
  id: string
  merchant_id: string
  environment: Environment
  kind: NewPayout['kind']
  amount: string
  currency: 'KES'
  provider: Provider
  account: string
  status: PayoutStatus
  /** `unknown` may have been paid: it is never sent again by Lango, and should not be by you. */
  provider_outcome: 'accepted' | 'refused' | 'unknown' | null
  provider_receipt: string | null
  failure: Failure | null
  phone: string | null
  shortcode: string | null
  shortcode_type: 'paybill' | 'till' | null
  account_reference: string | null
  receiver_name: string | null
  reason: PayoutReason | null
  remarks: string | null
  external_reference: string | null
  metadata: Metadata
  late: boolean
  version: number
  needs_attention: string[] | null
  /** The batch that it is one of. */
  batch_id: string | null
  created_by: string
  idempotency_key: string | null
  created_at: string
  paid_at: string | null
  completed_at: string | null
  failed_at: string | null
  /** When it came back, whole, after it had been completed. */
  returned_at: string | null
}

export type PayoutFilter = Paging & {
  /** One of your accounts, by its name or id. */
  account?: string
  kind?: Payout['kind']
  status?: PayoutStatus
  since?: string | Date
  until?: string | Date
  search?: string
  phone?: string
  external_reference?: string
  batch_id?: string
}

export type Payouts = {
  /** Sends money, if the merchant's owner has enabled it; above the threshold it waits for approval. What becomes of it comes as a webhook. */
  create(payout: NewPayout, options?: PostOptions): Promise<Payout>
  get(id: string): Promise<Payout>
  list(filter?: PayoutFilter): List<Payout>
  /** Everything ever learnt about a payout, oldest first. */
  evidence(id: string): Promise<Evidence[]>
  /** Approves one that waits, with the key of another person than the one who asked for it. */
  approve(id: string): Promise<Payout>
  /** Rejects one that waits: it fails, and nothing is sent. */
  reject(id: string, because?: { reason?: string }): Promise<Payout>
}

export function payouts(call: Call): Payouts {
  const path = (id: string) => `/payouts/${encodeURIComponent(id)}`
  return {
    create: (payout, options) => call.post('/payouts', payout, options),
    get: (id) => call.get(path(id)),
    list: (filter = {}) => call.list('/payouts', filter),
    evidence: (id) => call.get(`${path(id)}/evidence`),
    approve: (id) => call.postOnce(`${path(id)}/approve`),
    reject: (id, because = {}) => call.postOnce(`${path(id)}/reject`, because),
  }
}
