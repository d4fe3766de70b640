import type { Call, PostOptions } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment, Evidence, Failure, Provider } from './payments.ts'

export type NewRefund = {
  payment_id: string
  /** Shillings. Without it, all that is left of the payment. */
  amount?: number | string
  reason?: string
}

export type RefundStatus = 'pending' | 'completed' | 'failed'

export type Refund = {
  id: string
  merchant_id: string
  payment_id: string | null
  environment: Environment
  amount: string
  currency: 'KES'
  provider: Provider
  account: string
  /** `portal` for money that was given back in the provider's own portal. */
  origin: 'api' | 'dashboard' | 'portal'
  status: RefundStatus
  provider_outcome: 'accepted' | 'refused' | 'unknown' | null
  payment_receipt: string
  provider_receipt: string | null
  reason: string | null
  failure: Failure | null
  late: boolean
  version: number
  needs_attention: string[] | null
  idempotency_key: string | null
  created_at: string
  completed_at: string | null
  failed_at: string | null
}

export type RefundFilter = Paging & {
  payment_id?: string
  status?: RefundStatus
  since?: string | Date
  until?: string | Date
}

export type Refunds = {
  /** Gives money back. Resolves while it is `pending`; what becomes of it comes as a webhook. */
  create(refund: NewRefund, options?: PostOptions): Promise<Refund>
  get(id: string): Promise<Refund>
  list(filter?: RefundFilter): List<Refund>
  /** Everything ever learnt about a refund, oldest first. */
  evidence(id: string): Promise<Evidence[]>
}

export function refunds(call: Call): Refunds {
  return {
    create: (refund, options) => call.post('/refunds', refund, options),
    get: (id) => call.get(`/refunds/${encodeURIComponent(id)}`),
    list: (filter = {}) => call.list('/refunds', filter),
    evidence: (id) => call.get(`/refunds/${encodeURIComponent(id)}/evidence`),
  }
}
