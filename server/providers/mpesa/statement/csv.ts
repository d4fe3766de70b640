import { cellLengthMax, cellsMax } from './row.ts'
import type { Row } from './row.ts'

const quote = '"'
/** As many separators may stand in each line of a quoted cell that is broken by lines. */
const separatorsMax = 2

/**
 * Walks through a CSV, row by row; rows of blanks are passed over. As RFC 4180 has it, and forgiving: a quote inside a cell is a
 * sign like others, and one that is not closed within a cell's length opens nothing, so that it swallows no line after it.
 *
 * Not a parser of npm: those that were tried make an error, with its stack, of each row that is not as wide as the first, which
 * lets two megabytes of commas take twenty seconds; and none tells where an open quote began.
 */
export function* csvRows(text: string, separator: string): Generator<Row> {
  // A lone carriage return ends the lines of old files; where there are line feeds it is a blank within a cell.
  const breaks = text.includes('\n') ? '\n' : '\r'
  let place = 0
  let number = 1
  while (place < text.length) {
    const first = number
    const cells: string[] = []
    let isBlank = true
    for (let isLast = false; !isLast;) {
      const cell = readCell(text, place, { separator, breaks })
      number += cell.lines
      place = cell.end + 1
      isLast = text[cell.end] !== separator
      if (cell.text !== '') isBlank = false
      if (cells.length < cellsMax) cells.push(cell.text)
    }
    number += 1
    if (!isBlank) yield { number: first, cells }
  }
}

type CsvCell = {
  text: string
  /** Where the separator or the line break behind it is. */
  end: number
  /** How many line breaks are in it. */
  lines: number
}

type Signs = { separator: string; breaks: string }

function readCell(text: string, start: number, signs: Signs): CsvCell {
  let first = start
  while (text[first] === ' ' && text[first] !== signs.separator) first += 1
  if (text[first] === quote) {
    const quoted = readQuoted(text, first + 1, signs)
    if (quoted) return quoted
  }
  let end = start
  while (end < text.length && text[end] !== signs.separator && text[end] !== signs.breaks) end += 1
  return { text: text.slice(start, Math.min(end, start + cellLengthMax)).trim(), end, lines: 0 }
}

/** The cell that a quote opens; undefined where none closes it. */
function readQuoted(text: string, start: number, signs: Signs): CsvCell | undefined {
  const limit = start + cellLengthMax
  let closing = text.indexOf(quote, start)
  while (closing >= 0 && closing <= limit) {
    const isEscape = text[closing + 1] === quote
    const end = isEscape ? undefined : endAfter(text, closing + 1, signs)
    if (end !== undefined) return quotedCell(text.slice(start, closing), end, signs)
    closing = text.indexOf(quote, closing + (isEscape ? 2 : 1))
  }
  return undefined
}

function quotedCell(raw: string, end: number, { separator, breaks }: Signs): CsvCell | undefined {
  const lines = raw.split(breaks)
  // What holds a line break and half a list beside it is the rest of a line, and the next line.
  if (lines.length > 1 && lines.some((line) => line.split(separator).length - 1 > separatorsMax)) return undefined
  return { text: raw.replaceAll('""', quote).trim(), end, lines: lines.length - 1 }
}

/** Where a cell ends of which nothing but blanks is left; undefined where more follows. */
function endAfter(text: string, start: number, { separator, breaks }: Signs): number | undefined {
  let end = start
  while (end < text.length && text[end] !== separator && text[end] !== breaks) {
    if (text[end] !== ' ' && text[end] !== '\t' && text[end] !== '\r') return undefined
    end += 1
  }
  return end
}
