import type { ProviderRecord } from '../../record.ts'
import { unreadableRecord } from './line.ts'
import type { DateOrder } from './time-cell.ts'

type Dated = { record: ProviderRecord; dateOrder?: DateOrder }

/**
 * Kenya writes the day before the month, and so is `11/12/2026` read. Where one date of a statement has the month first, that is
 * certain no more: those of this form that could be read both ways are unreadable.
 */
export function doubtDates(lines: Dated[]): void {
  const proof = lines.find(({ dateOrder }) => dateOrder?.isMonthFirst)
  if (!proof) return
  for (const line of lines) {
    if (line.record.problem || line.dateOrder?.sign !== proof.dateOrder!.sign) continue
    const why = `its date can be read in two ways, and line ${proof.record.line} has the month before the day. Export the statement again, or write its dates like 2026-11-20.`
    line.record = unreadableRecord({ ...line.record, at: null }, why)
  }
}
