import type { ProviderRecord } from '../providers/record.ts'
import type { Item } from './item.ts'

/** What became of a record, before it has its place in a run. */
export type Comparison = Pick<Item, 'outcome' | 'reason'> &
  Partial<Pick<Item, 'payment_id' | 'payout_id' | 'candidates' | 'expected_cents'>>

/** A record of which amount, time and receipt could be read. */
export type Readable = ProviderRecord & { amount_cents: number; at: Date }
