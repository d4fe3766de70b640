/** What a cell of a spreadsheet or of a CSV holds. */
export type Cell = string | number | boolean | Date | null | undefined

const unseen = /[\p{Default_Ignorable_Code_Point}\p{Format}\u2800]/gu
const blanks = /[\p{White_Space}\p{Control}]+/gu
const isPlain = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/
/** A cell that Excel was told to keep as text: `="UKK…"`, `'UKK…`. */
const asText = /^=?"([^"]*)"$|^'(.*)$/
const begins = new Set<string | undefined>(['=', '"', "'"])

/** The words and signs by which a cell says that it holds nothing. */
const nothing = /^(?:-*|n\/?a|n\.a\.|#n\/a|nan|null|nil|none|undefined)$/i

/** True for a text that stands where there is nothing to say: `-`, `N/A`, `null`. */
export function isNothing(text: string): boolean {
  return (text.length < 10 || text.startsWith('-')) && nothing.test(text)
}

/** The text of a cell on one line: nothing unseen, single blanks, and without the signs by which Excel keeps a text a text. */
export function textOf(cell: Cell): string {
  const text = writeCell(cell)
  const line = isPlain.test(text) ? text : text.normalize('NFKC').replace(unseen, '').replace(blanks, ' ').trim()
  if (!begins.has(line[0])) return line
  const kept = asText.exec(line)
  return kept ? (kept[1] ?? kept[2]!).trim() : line
}

function writeCell(cell: Cell): string {
  if (typeof cell === 'string') return cell
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return writeDate(cell)
  // Excel counts in binary fractions: 1500.1 may be kept as 1500.1000000000001.
  return String(typeof cell === 'number' ? Math.round(cell * 1e6) / 1e6 : cell)
}

/** A date of Excel stands for what its clock shows, in no zone. One without a day is a time of the day, one without a time a day. */
function writeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const [day, time] = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString().slice(0, 19).split('T')
  if (date.getUTCFullYear() < 1905) return time!
  return time === '00:00:00' ? day! : `${day} ${time}`
}
