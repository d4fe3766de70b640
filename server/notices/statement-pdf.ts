import { formatNairobi } from '@lango/daraja'
import type { Context } from '../context.ts'
import { findLogo } from '../merchants/logo.ts'
import type { Merchant } from '../merchants/merchant.ts'
import { formatKes } from '../money.ts'
import { bytesOf, colors, drawBadge, newPdf, plain } from '../web/pdf.ts'
import { showDay } from '../web/parts/time.ts'
import { monthName, netOf } from './statement.ts'
import type { Moved, Statement } from './statement.ts'

const margin = 44
const rowHeight = 17
const nameMax = 34

/** What the statement is drawn on: a sheet of A4, and further ones. */
type Sheet = { doc: PDFKit.PDFDocument; left: number; right: number; bottom: number }

/** The statement of a month as a PDF: what came and went in all, by account, and on each day, with its fonts in it. */
export async function statementPdf(context: Context, merchant: Merchant, statement: Statement): Promise<Buffer> {
  const logo = merchant.logo_version ? await findLogo(context, merchant.id) : undefined
  const now = context.clock.now()
  const month = monthName(statement.month)
  const doc = newPdf({
    size: 'A4',
    margin,
    lang: 'en',
    info: {
      Title: `Statement of ${month} · ${plain(merchant.name)}`,
      Author: plain(merchant.name),
      Creator: 'Lango',
      CreationDate: now,
    },
  })
  const sheet = { doc, left: margin, right: doc.page.width - margin, bottom: doc.page.height - margin - 24 }
  head(sheet, { merchant, month, logo })
  figures(sheet, statement)
  if (statement.accounts.length > 1)
    part(sheet, 'By account', {
      first: 'Account',
      rows: statement.accounts.map((one) => [`${one.name} · ${one.place}`, one] as const),
    })
  part(sheet, 'Day by day', {
    first: 'Day',
    rows: statement.days.map((one) => [showDay(one.day, 'en'), one] as const),
    total: statement.total,
  })
  notes(sheet)
  feet(sheet, { statement, name: plain(merchant.name), now })
  return bytesOf(doc)
}

type Head = { merchant: Merchant; month: string; logo: Awaited<ReturnType<typeof findLogo>> | undefined }

function head({ doc, left, right }: Sheet, { merchant, month, logo }: Head): void {
  const side = 44
  drawBadge(doc, { logo, color: merchant.color ?? colors.gate, name: merchant.name, x: left, y: margin, side })
  const x = left + side + 14
  const width = right - x - 170
  doc
    .font('bold')
    .fontSize(14)
    .fillColor(colors.ink)
    .text(plain(merchant.name), x, margin - 3, { width, lineGap: -2 })
  doc.y += 3
  const under = [merchant.address, merchant.tax_pin && `PIN ${merchant.tax_pin}`, merchant.email]
  doc.font('plain').fontSize(8.5).fillColor(colors.soft)
  for (const text of under) if (text) doc.text(plain(text), { width })
  const end = Math.max(doc.y, margin + side)
  doc.font('bold').fontSize(12).fillColor(colors.ink)
  doc.text('Statement', right - 164, margin - 2, { width: 164, align: 'right' })
  doc.text(month, { width: 164, align: 'right' })
  doc
    .font('plain')
    .fontSize(8.5)
    .fillColor(colors.soft)
    .text('Kenyan shillings, days of Nairobi', { width: 164, align: 'right' })
  doc.y = end + 16
}

/** What was left before, what the month made of it, and what is left. */
function figures({ doc, left, right }: Sheet, { total, opening_cents, closing_cents }: Statement): void {
  const list = [
    ['Brought forward', opening_cents],
    ['Gross', total.gross_cents],
    ['Charges', -total.charge_cents],
    ['Returned', -total.returned_cents],
    ['Sent out', -total.sent_cents],
    ['Carried forward', closing_cents],
  ] as const
  const width = (right - left) / list.length
  rule({ doc, left, right }, doc.y)
  const top = doc.y + 10
  for (const [index, [name, cents]] of list.entries()) {
    const x = left + index * width
    const isEnd = index === 0 || index === list.length - 1
    doc
      .font('plain')
      .fontSize(8)
      .fillColor(colors.soft)
      .text(name, x, top, { width: width - 6 })
    doc
      .font(isEnd ? 'plain' : 'bold')
      .fontSize(10.5)
      .fillColor(colors.ink)
    doc.text(signed(cents), x, top + 12, { width: width - 4, lineBreak: false })
  }
  doc.y = top + 32
  rule({ doc, left, right }, doc.y)
  doc.y += 14
}

type Rows = { first: string; rows: (readonly [name: string, moved: Moved])[]; total?: Moved }

const columns = ['Receipts', 'Gross', 'Charges', 'Returned', 'Net', 'Sent out']
const valuesOf = (moved: Moved) => [
  moved.count.toLocaleString('en-KE'),
  formatKes(moved.gross_cents),
  signed(-moved.charge_cents),
  signed(-moved.returned_cents),
  signed(netOf(moved)),
  signed(-moved.sent_cents),
]

/** A table, its head on each sheet that it runs over. */
function part(sheet: Sheet, title: string, { first, rows, total }: Rows): void {
  const { doc, left, right } = sheet
  if (doc.y + 3 * rowHeight > sheet.bottom) doc.addPage()
  doc
    .font('bold')
    .fontSize(11)
    .fillColor(colors.ink)
    .text(title, left, doc.y, { width: right - left })
  doc.y += 4
  const names = () => tableRow(sheet, [first, ...columns], { font: 'plain', color: colors.soft })
  names()
  if (rows.length === 0) {
    doc
      .font('plain')
      .fontSize(9)
      .fillColor(colors.soft)
      .text('Nothing moved in this month.', left, doc.y + 4)
    doc.y += 8
    return
  }
  for (const [name, moved] of rows) {
    if (doc.y + rowHeight > sheet.bottom) {
      doc.addPage()
      names()
    }
    tableRow(sheet, [name, ...valuesOf(moved)], { font: 'plain', color: colors.ink })
  }
  if (total) tableRow(sheet, ['All of it', ...valuesOf(total)], { font: 'bold', color: colors.ink })
  doc.y += 14
}

function tableRow(
  { doc, left, right }: Sheet,
  cells: string[],
  { font, color }: { font: 'plain' | 'bold'; color: string },
): void {
  const [name = '', ...values] = cells
  const first = 116
  const width = (right - left - first) / values.length
  const { y } = doc
  doc.font(font).fontSize(8.5).fillColor(color)
  doc.text(shortened(plain(name)), left, y + 4, {
    width: first,
    height: rowHeight - 4,
    ellipsis: true,
    lineBreak: false,
  })
  for (const [index, value] of values.entries())
    doc.text(value, left + first + index * width, y + 4, { width, align: 'right', lineBreak: false })
  rule({ doc, left, right }, y + rowHeight)
  doc.y = y + rowHeight
}

function shortened(text: string): string {
  return text.length > nameMax ? `${text.slice(0, nameMax - 1)}…` : text
}

function notes({ doc, left, right, bottom }: Sheet): void {
  if (doc.y + 52 > bottom) doc.addPage()
  doc.font('plain').fontSize(8).fillColor(colors.soft)
  doc.text(
    'Gross is every M-Pesa receipt that came, asked for or not. Charges are those that the statements of M-Pesa tell which were loaded; without them, they are not in it. Net is gross less charges and what was returned. What is carried forward is the net of the calendar year less what was sent out through Lango and has not come back: what was moved to a bank in another way is still in it.',
    left,
    doc.y,
    { width: right - left, lineGap: 1 },
  )
}

function feet(
  { doc, left, right }: Sheet,
  { statement, name, now }: { statement: Statement; name: string; now: Date },
): void {
  const { start, count } = doc.bufferedPageRange()
  for (let index = start; index < start + count; index++) {
    doc.switchToPage(index)
    // What stands in the margin would else begin a new sheet.
    doc.page.margins.bottom = 0
    const y = doc.page.height - margin - 8
    const made = `${shortened(name)} · ${monthName(statement.month)} · made ${showDay(now, 'en')}, ${formatNairobi(now, 'HH:mm')}`
    const shown = statement.mode === 'live' ? made : `TEST, no real money · ${made}`
    doc
      .font('plain')
      .fontSize(7.5)
      .fillColor(statement.mode === 'live' ? colors.soft : colors.sun)
    doc.text(shown, left, y, { width: right - left - 80, lineBreak: false })
    doc
      .fillColor(colors.soft)
      .text(`Lango · ${index + 1} of ${count}`, right - 80, y, { width: 80, align: 'right', lineBreak: false })
  }
}

/** An amount with its sign, which is copied from the sheet as it stands; nothing is a dash, so that the eye finds what is something. */
function signed(cents: number): string {
  return cents === 0 ? '–' : formatKes(cents)
}

function rule({ doc, left, right }: Omit<Sheet, 'bottom'>, y: number): void {
  doc.moveTo(left, y).lineTo(right, y).lineWidth(0.7).strokeColor(colors.line).stroke()
}
