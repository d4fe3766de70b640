import type { ProviderRecord } from '../providers/record.ts'
import type { Deeds } from './deeds.ts'
import type { Item } from './item.ts'
import type { Run } from './run.ts'

/** What became of a record, before it has its place in a run. */
export type Comparison = Pick<Item, 'outcome' | 'reason'> &
  Partial<Pick<Item, 'payment_id' | 'payout_id' | 'candidates' | 'expected_cents'>>

/** A record of which amount, time and receipt could be read. */
export type Readable = ProviderRecord & { receipt: string; direction: 'in' | 'out'; amount_cents: number; at: Date }

/** A run, and whether what it finds is done or only imagined. */
export type Comparing = { run: Run; deeds: Deeds }
