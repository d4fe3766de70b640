import type { Entry, Happening, HappeningType, Opening } from './happening.ts'

/** Where a case stands. `passed` is a vehicle within the limits, of which there is no case. */
export type Status = 'passed' | 'overloaded' | 'charged' | 'part_paid' | 'paid' | 'released'

type Of<Type extends HappeningType> = Extract<Happening, { type: Type }> & { at: string }

/** A case file, read: all that it says follows from its entries. */
export type Case = {
  number: number
  entries: Entry[]
  first: Opening & { at: string }
  status: Status
  charged?: Of<'charged'>
  /** The payment that is under way, until it fails. */
  settling?: Of<'settling'>
  partPaid?: Of<'part_paid'>
  memo?: Of<'memo_issued'>
  receipts: Of<'receipt_issued'>[]
}

/** Reads a case file; `undefined` where there is none of this number. */
export function readCase(number: number, entries: Entry[]): Case | undefined {
  const [first] = entries
  if (first?.type !== 'passed' && first?.type !== 'overloaded') return undefined
  const last = <Type extends HappeningType>(type: Type) =>
    entries.findLast((entry): entry is Of<Type> => entry.type === type)
  const settling = last('settling')
  const hasFailed = entries.some(
    (entry) => entry.type === 'payment_failed' && entry.payment_id === settling?.payment_id,
  )
  return {
    number,
    entries,
    first,
    status: statusOf(entries),
    charged: last('charged'),
    settling: hasFailed ? undefined : settling,
    partPaid: entries
      .filter((entry) => entry.type === 'part_paid')
      .toSorted((a, b) => a.version - b.version)
      .at(-1),
    memo: last('memo_issued'),
    receipts: entries.filter((entry) => entry.type === 'receipt_issued'),
  }
}

/** What has gone farthest counts, whatever came after it: news may come in any order. */
function statusOf(entries: Entry[]): Status {
  const steps = ['released', 'paid', 'part_paid', 'charged', 'overloaded'] as const
  return steps.find((step) => entries.some(({ type }) => type === step)) ?? 'passed'
}

/** As people read it: `OVL-000012`. */
export const caseName = (number: number) => `OVL-${String(number).padStart(6, '0')}`
