import type { ProviderRecord } from '../../record.ts'
import type { Checked } from './checks.ts'

type Line = Omit<Checked, 'isRepeated'>

/**
 * Marks what stands twice: a line like another, or a receipt that has come with this amount already. One receipt with two amounts is
 * marked on each of its lines: the statement contradicts itself, and settles nothing by them. A charge has the receipt of its
 * payment, and is another movement.
 */
export function markRepeats(lines: Line[]): Checked[] {
  const first = new Map<string, ProviderRecord>()
  return lines.map(({ record, balance }) => {
    const name = nameOf(record)
    const other = name === undefined ? undefined : first.get(name)
    if (!other) {
      if (name !== undefined) first.set(name, record)
      return { record, balance, isRepeated: false }
    }
    const isRepeated = other.amount_cents === record.amount_cents
    if (isRepeated) record.repeats = 'line'
    else other.repeats = record.repeats = 'receipt'
    return { record, balance, isRepeated }
  })
}

function nameOf({ receipt, kind, direction, raw, problem }: ProviderRecord): string | undefined {
  if (receipt === null || problem) return undefined
  if (kind === 'charge' || kind === 'transfer') return raw
  // By far most are payments: their name is no new text.
  return kind === 'payment' ? receipt : `${receipt} ${kind} ${direction}`
}
