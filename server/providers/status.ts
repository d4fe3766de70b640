import type { Subject } from '../token.ts'
import type { AmountTold, FailureCode } from './finding.ts'

/** A question for one transaction: its receipt, or the id of the request that made it. The answer comes to the subject's address. */
export type StatusQuestion = { subject: Subject } & ({ receipt: string } | { request_id: string })

/** What a provider answers when asked about a transaction. */
export type StatusAnswer = AmountTold & {
  /** Undefined while it is under way, and for a transaction that the provider does not find. */
  state?: 'completed' | 'failed' | 'reversed'
  failure_code?: FailureCode
  /** Which way the money went, seen from the account that asked. */
  direction?: 'in' | 'out'
  provider_code: string
  message: string
  receipt?: string
  at?: Date
  payer?: { phone?: string; phone_masked?: string; name?: string }
  /** The ids of the request that made the transaction. */
  request_id?: string
  conversation_id?: string
  initiated_at?: Date
}
