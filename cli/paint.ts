import { stripVTControlCharacters, styleText } from 'node:util'

/** Colours where a terminal shows them: not in a file or a pipe, nor where NO_COLOR is set. */
const paint = (style: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(style, text, { stream: process.stdout })

export const good = paint('green')
export const bad = paint('red')
export const pending = paint('yellow')
export const faint = paint('dim')
export const strong = paint('bold')

/** Rows in columns, each as wide as its longest cell. */
export function table(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, widthOf(cell))),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, index) => pad(cell, widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - widthOf(cell))
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length
}

/** A time of the API in this machine's own: `2026-11-25 18:04:05`. */
export function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE')
}

/** The same without its day. */
export function localClock(iso: string): string {
  return localTime(iso).slice(11)
}

/** What a state means for whoever looks: well, not yet, or not well. */
export function paintState(state: string): string {
  if (/^(completed|succeeded|enabled|paid)$/.test(state)) return good(state)
  if (/^(failed|disabled)$/.test(state)) return bad(state)
  return /^(pending|reversed)$/.test(state) ? pending(state) : state
}
