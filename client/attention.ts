import type { Call } from './call.ts'
import type { List, Paging } from './list.ts'
import type { Environment } from './payments.ts'

/** One thing that needs a person: a payment, refund, payout, payment made elsewhere, money, a callback that was kept, or a run that disagrees. */
export type AttentionItem = {
  /** The id of what needs a person: `pay_…`, `min_…` and so on. */
  id: string
  kind: 'payment' | 'refund' | 'payout' | 'outside_payment' | 'money_in' | 'callback' | 'stray' | 'run'
  environment: Environment | null
  /** All of them, not the last. */
  reasons: { code: string; message: string }[]
  since: string
  status: string | null
  amount: string | null
  receipt: string | null
  account_reference: string | null
  phone: string | null
  payer_name: string | null
  /** Of a callback: what was posted, as text, its beginning. */
  body: string | null
  /** What can be done. */
  actions: { method: 'GET' | 'POST'; path: string; message: string }[]
}

export type AttentionFilter = Paging & {
  kind?: AttentionItem['kind']
  since?: string | Date
  until?: string | Date
}

export type Attention = {
  /** All that needs a person, newest first. */
  list(filter?: AttentionFilter): List<AttentionItem>
  /** Says that a person has looked at it, and what came of it. It moves no money; a new fact shows it again. */
  resolve(id: string, resolution: { note: string; reasons?: string[] }): Promise<AttentionItem>
}

export function attention(call: Call): Attention {
  return {
    list: (filter = {}) => call.list('/attention', filter),
    resolve: (id, resolution) => call.postOnce(`/attention/${encodeURIComponent(id)}/resolve`, resolution),
  }
}
