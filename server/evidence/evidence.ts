import type { Doubt } from '../callbacks/arrival.ts'
import type { Callback } from '../callbacks/callback.ts'
import type { Types } from '../database/columns.ts'
import type { AmountTold, Verdict } from '../providers/finding.ts'

/** What something can be learnt about. */
export type Noun = 'payment' | 'refund' | 'payout'

/** Where we can have it from. */
export const sources = ['ack', 'callback', 'query', 'status', 'pull', 'statement', 'operator'] as const
export type EvidenceSource = (typeof sources)[number]

/** One fact learnt about any request to a provider. Only what `verdict` says can change a status; the rest informs. */
export type Evidence = AmountTold & {
  id: string
  merchant_id: string
  source: EvidenceSource
  at: Date
  /** Null: nothing is known yet, or the source is not trusted to say. */
  verdict: Verdict
  failure_code?: string
  message?: string
  provider_code?: string
  receipt?: string
  provider_outcome?: 'accepted' | 'refused' | 'unknown'
  /** Why it is worth a check and no more, in spite of its token. */
  doubt?: Doubt
  /** When to ask the provider next, should this evidence leave the request open. */
  check_at?: Date
  /** The provider's body: a callback is a row of its own, anything else is kept with the evidence. */
  callback?: Callback
  /** Where the provider's body is stored already. */
  callback_id?: string
  raw?: Buffer
}

/** Evidence in the company of those that say the very same. */
export type Fact<Learnt extends Evidence> = { evidence: Learnt; repeats: Learnt[] }

/** What evidence is as a row of a statement: `leads` is true for the one of its fact that is judged. */
type Row = Evidence & { leads: boolean }

/** The types of the columns that evidence of every kind has. */
export const evidenceTypes = {
  id: 'uuid',
  merchant_id: 'uuid',
  leads: 'boolean',
  source: 'text',
  at: 'timestamptz',
  verdict: 'text',
  failure_code: 'text',
  message: 'text',
  provider_code: 'text',
  receipt: 'text',
  amount_cents: 'bigint',
  amount_unreadable: 'boolean',
  provider_outcome: 'text',
  doubt: 'text',
  check_at: 'timestamptz',
  callback_id: 'uuid',
  raw: 'bytea',
} as const satisfies Types<Row>

/** The rows of facts, each with what else the statement needs of it. */
export function rowsOf<Learnt extends Evidence, More>(
  facts: Fact<Learnt>[],
  more: (evidence: Learnt) => More,
): (Learnt & More & Pick<Row, 'leads' | 'callback_id'>)[] {
  const row = (evidence: Learnt, leads: boolean) => ({
    ...evidence,
    leads,
    callback_id: evidence.callback?.id ?? evidence.callback_id,
    ...more(evidence),
  })
  return facts.flatMap(({ evidence, repeats }) => [row(evidence, true), ...repeats.map((repeat) => row(repeat, false))])
}

/** The bodies that came with facts. */
export function callbacksOf(facts: Fact<Evidence>[]): Callback[] {
  return facts.flatMap(({ evidence, repeats }) => [evidence, ...repeats].flatMap(({ callback }) => callback ?? []))
}
