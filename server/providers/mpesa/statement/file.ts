import { Problem } from '../../../problem.ts'
import { readHeader } from './columns.ts'
import { csvRows } from './csv.ts'
import type { Row } from './row.ts'
import { spreadsheetRows } from './spreadsheet.ts'
import { decode } from './text.ts'

const separators = [',', ';', '\t', '|']
/** As far down the names of the columns are looked for. */
const headRowsMax = 200
const instead =
  'Export the statement from the M-PESA organisation portal as CSV or XLSX, or open it in Excel and save it so.'

/**
 * The rows of a statement, whatever kind of file it is: known by its bytes, not by its name.
 * @throws a Problem that calls a file what it is, where it is none that has rows.
 */
export async function rowsOf(content: Uint8Array): Promise<Iterable<Row>> {
  const kind = kindOf(content)
  if (kind === 'spreadsheet') return spreadsheetRows(content)
  if (kind === 'text') return textRows(decode(content))
  throw new Problem('invalid_request', `${kind} ${instead}`, 'file')
}

const begins: [bytes: string, sentence: string][] = [
  ['\xd0\xcf\x11\xe0', 'This is an old Excel file (.xls), or one with a password, which cannot be read.'],
  ['%PDF', 'This is a PDF, which shows lines and has none that can be read with certainty.'],
  ['{\\rtf', 'This is a document of a word processor (RTF), not a spreadsheet.'],
  ['\x89PNG', 'This is a picture, not a spreadsheet.'],
  ['\xff\xd8\xff', 'This is a picture, not a spreadsheet.'],
  ['GIF8', 'This is a picture, not a spreadsheet.'],
  ['\x1f\x8b', 'This is a packed file (gzip): unpack it first.'],
  ['7z\xbc\xaf', 'This is a packed file (7z): unpack it first.'],
  ['Rar!', 'This is a packed file (RAR): unpack it first.'],
]
const inArchive: [name: string, sentence: string][] = [
  ['xl/workbook.bin', 'This is a binary Excel workbook (.xlsb), which cannot be read: save it as XLSX.'],
  ['opendocument', 'This is an OpenDocument file (.ods), which cannot be read: save the spreadsheet as XLSX.'],
  ['word/document', 'This is a document of Word, not a spreadsheet.'],
]

/** A kind that has rows, or a sentence that says what it is instead. */
function kindOf(content: Uint8Array): 'text' | 'spreadsheet' | (string & {}) {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const start = bytes
    .subarray(0, 4_096)
    .toString('latin1')
    .replace(/^(?:\xef\xbb\xbf)?\s+|^\xef\xbb\xbf/, '')
  const begun = begins.find(([sign]) => start.startsWith(sign))
  if (begun) return begun[1]
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return kindOfArchive(bytes)
  const text = start.replaceAll('\0', '').toLowerCase()
  if (!/^(?:\xff\xfe|\xfe\xff)?\s*</.test(text)) return 'text'
  return text.includes('office:spreadsheet') && text.includes('<?xml')
    ? 'This is an Excel file of the year 2003 (XML), which cannot be read.'
    : "This is a web page (HTML) with an Excel file's name, which cannot be read."
}

function kindOfArchive(bytes: Buffer): string {
  const found = inArchive.find(([name]) => bytes.includes(name))
  if (found) return found[1]
  const names = bytes.length < 100 || bytes.includes('[Content_Types].xml') || bytes.includes('xl/')
  return names ? 'spreadsheet' : 'This is a ZIP archive and no Excel workbook: unpack it, and send the statement in it.'
}

/** The separator is the one that makes columns of the first lines; `sep=;` above them names it. */
function textRows(text: string): Iterable<Row> {
  const named = /^sep=(.)\r?\n?/i.exec(text)?.[1]
  const tried = named ? [named, ...separators] : separators
  const separator = tried.find((candidate) => hasHeader(text, candidate)) ?? ','
  return csvRows(text, separator)
}

function hasHeader(text: string, separator: string): boolean {
  let count = 0
  for (const { cells } of csvRows(text, separator)) {
    if (readHeader(cells)) return true
    if ((count += 1) > headRowsMax) return false
  }
  return false
}
