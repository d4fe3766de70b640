import { crc32, deflateRawSync } from 'node:zlib'
import type { Sheet, StatementCell } from './layouts.ts'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const office = 'http://schemas.openxmlformats.org'
const relations = `${office}/package/2006/relationships`
const document = `${office}/officeDocument/2006/relationships`
const spreadsheet = `${office}/spreadsheetml/2006/main`
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** What every workbook of one sheet consists of, beside the sheet. Its second style shows a date. */
const frame = {
  '[Content_Types].xml': `${head}<Types xmlns="${office}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`,
  '_rels/.rels': `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${document}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${head}<workbook xmlns="${spreadsheet}" xmlns:r="${document}"><sheets><sheet name="Statement" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${document}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${document}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `${head}<styleSheet xmlns="${spreadsheet}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy\\ hh:mm:ss"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`,
}

/** A workbook of one sheet, in which amounts are numbers and times are Excel's dates. */
export function writeXlsx({ rows }: Sheet): Buffer {
  const sheet = rows.map((cells, index) => `<row r="${index + 1}">${cells.map(cellAt(index + 1)).join('')}</row>`)
  return workbook(sheet.join(''))
}

/** A workbook of one sheet, whose rows are written as they stand in it. */
export function workbook(rows: string): Buffer {
  return zip({
    ...frame,
    'xl/worksheets/sheet1.xml': `${head}<worksheet xmlns="${spreadsheet}"><sheetData>${rows}</sheetData></worksheet>`,
  })
}

const cellAt = (row: number) => (cell: StatementCell, place: number) => {
  const at = `r="${String.fromCharCode(65 + place)}${row}"`
  if (cell === null || cell === '') return ''
  if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`
  if (cell instanceof Date) return `<c ${at} s="1"><v>${serial(cell)}</v></c>`
  return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`
}

/** Days since 30 December 1899, by the clock of Nairobi. */
function serial(at: Date): number {
  const dayMs = 86_400_000
  const local = Math.floor(at.getTime() / 1000) * 1000 + 3 * 3_600_000
  return (local - Date.UTC(1899, 11, 30)) / dayMs
}

const signs = new Map(Object.entries<string>({ '&': '&amp;', '<': '&lt;', '>': '&gt;' }))
const escape = (text: string) => text.replace(/[&<>]/g, (sign) => signs.get(sign)!)

/** An archive as a workbook is one: each file deflated, then the list of all. */
function zip(files: Record<string, string>): Buffer {
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(files)) {
    const content = Buffer.from(text)
    const packed = deflateRawSync(content)
    const facts = factsOf(name, content, packed)
    const body = Buffer.concat([bytes([4, 0x04034b50]), facts, Buffer.from(name), packed])
    entries.push(
      Buffer.concat([
        bytes([4, 0x02014b50], [2, 20]),
        facts,
        bytes([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
        Buffer.from(name),
      ]),
    )
    bodies.push(body)
    offset += body.length
  }
  const list = Buffer.concat(entries)
  const count = entries.length
  const end = bytes([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, list.length], [4, offset], [2, 0])
  return Buffer.concat([...bodies, list, end])
}

/** What stands of a file both before it and in the list: how it is packed, its checksum, its sizes. */
function factsOf(name: string, content: Buffer, packed: Buffer): Buffer {
  return bytes(
    [2, 20],
    [2, 0],
    [2, 8],
    [2, 0],
    [2, 0x21],
    [4, crc32(content)],
    [4, packed.length],
    [4, content.length],
    [2, Buffer.byteLength(name)],
    [2, 0],
  )
}

/** Numbers of so many bytes each, the smallest byte first. */
function bytes(...numbers: [size: 2 | 4, value: number][]): Buffer {
  return Buffer.concat(
    numbers.map(([size, value]) => {
      const buffer = Buffer.alloc(size)
      buffer.writeUIntLE(value, 0, size)
      return buffer
    }),
  )
}
