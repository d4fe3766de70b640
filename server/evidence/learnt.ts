import { columns } from '../database/columns.ts'
import { raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import type { Verdict } from '../providers/finding.ts'
import { effectOn } from './effect.ts'
import type { EvidenceSource, Noun } from './evidence.ts'

/** A row of `evidence`, which is only ever added to. */
export type EvidenceRow = {
  merchant_id: string
  id: string
  subject: Noun
  subject_id: string
  source: EvidenceSource
  verdict: Verdict
  effect: string
  provider_code: string | null
  message: string | null
  receipt: string | null
  amount_cents: number | null
  callback_id: string | null
  raw: Buffer | null
  at: Date
}

/** The insert of what was learnt, to stand inside the statement that acts on it: of all `facts`, with what each did to `settled`. */
export function learnt(noun: Noun, amount_cents = sql`f.amount_cents`): Sql {
  return sql`
    insert into evidence ${columns<EvidenceRow>({
      merchant_id: sql`f.merchant_id`,
      id: sql`f.id`,
      subject: raw(`'${noun}'`),
      subject_id: raw(`f.${noun}_id`),
      source: sql`f.source`,
      verdict: sql`f.verdict`,
      effect: effectOn(noun),
      provider_code: sql`f.provider_code`,
      message: sql`f.message`,
      receipt: sql`f.receipt`,
      amount_cents,
      callback_id: sql`f.callback_id`,
      raw: sql`f.raw`,
      at: sql`f.at`,
    })}
    from facts f left join settled s on s.evidence_id = f.id`
}
