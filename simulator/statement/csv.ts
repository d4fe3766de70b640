import type { Sheet, StatementCell } from './layouts.ts'

/** How the text of a CSV becomes bytes. */
export const encodings = {
  'utf-8': (text: string) => Buffer.from(text),
  'utf-8-bom': (text: string) => Buffer.from(`\uFEFF${text}`),
  cp1252: (text: string) =>
    Buffer.from(
      text.replace(/[^\0-\xff]/g, (sign) => windows.get(sign) ?? '?'),
      'latin1',
    ),
  'utf-16': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
}

export type EncodingName = keyof typeof encodings

/** What Windows puts where Latin-1 has control characters. */
const windows = new Map(
  Object.entries<string>({
    '€': '\x80',
    '…': '\x85',
    '‘': '\x91',
    '’': '\x92',
    '“': '\x93',
    '”': '\x94',
    '–': '\x96',
    '—': '\x97',
  }),
)

/** The text of a CSV, with `separator` between its cells. */
export function writeCsv({ rows, writeAmount, writeTime }: Sheet, separator = ','): string {
  const write = (cell: StatementCell) => {
    if (typeof cell === 'number') return writeAmount(cell)
    return cell instanceof Date ? writeTime(cell) : (cell ?? '')
  }
  const quote = (cell: string) =>
    cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  return rows.map((row) => row.map((cell) => quote(write(cell))).join(separator)).join('\r\n') + '\r\n'
}
