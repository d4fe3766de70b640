import { formatNairobi } from '@lango/daraja'
import type { Context } from '../context.ts'
import { findLogo } from '../merchants/logo.ts'
import type { Logo } from '../merchants/logo.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { formatKes } from '../money.ts'
import { speaker } from '../web/language.ts'
import type { Language, Speak } from '../web/language.ts'
import { showDay } from '../web/parts/time.ts'
import { verifyUrl } from './link.ts'
import { noteOf } from './note.ts'
import { bytesOf, colors, drawBadge, drawQr, newPdf, plain } from '../web/pdf.ts'
import { payerPhone, receiptNumber, whatFor } from './receipt.ts'
import type { FoundReceipt } from './receipt.ts'
import { words } from './words.ts'

const { ink, soft, line, gate, sun } = colors
const margin = 34
const qrSide = 84
const footHeight = qrSide + 26

/** What a receipt is drawn with, and where on the sheet it is drawn next. */
type Paper = {
  doc: PDFKit.PDFDocument
  receipt: FoundReceipt
  say: Speak<typeof words>
  language: Language
  left: number
  right: number
  /** Where what may be written ends: below stands the foot. */
  bottom: number
}

/** A receipt as a PDF: a sheet of A5, more where it has many lines, with its fonts in it. */
export async function receiptPdf(context: Context, receipt: FoundReceipt, language: Language): Promise<Buffer> {
  const [merchant] = await findMerchants(context, [receipt.merchant_id])
  const logo = merchant?.logo_version ? await findLogo(context, receipt.merchant_id) : undefined
  const say = speaker(words, language)
  const number = receiptNumber(receipt)
  const doc = newPdf({
    size: 'A5',
    margin,
    lang: language,
    info: {
      Title: `${say('title', { number })} · ${plain(receipt.issuer.name)}`,
      Author: plain(receipt.issuer.name),
      Creator: 'Lango',
      CreationDate: receipt.issued_at,
    },
  })
  const { width, height } = doc.page
  const paper = {
    doc,
    receipt,
    say,
    language,
    left: margin,
    right: width - margin,
    bottom: height - margin - footHeight,
  }
  head(paper, { logo, color: merchant?.color ?? gate })
  sum(paper)
  facts(paper)
  bill(paper)
  foot(paper, verifyUrl(context.config, receipt))
  stamp(paper)
  return bytesOf(doc)
}

/** Who issues it, and its number. */
function head({ doc, receipt, say, left, right }: Paper, brand: { logo?: Logo; color: string }): void {
  const { issuer } = receipt
  const badge = 38
  drawBadge(doc, { ...brand, name: issuer.name, x: left, y: margin, side: badge })
  const x = left + badge + 12
  const width = right - x - 110
  doc
    .font('bold')
    .fontSize(12.5)
    .fillColor(ink)
    .text(plain(issuer.name), x, margin - 2, { width, lineGap: -2 })
  const under = [
    ...(issuer.address?.split('\n') ?? []),
    issuer.tax_pin && `${say('tax_pin')} ${issuer.tax_pin}`,
    issuer.email,
  ].filter((text) => text !== null)
  for (const text of under) doc.font('plain').fontSize(8).fillColor(soft).text(plain(text), { width })
  const end = Math.max(doc.y, margin + badge)
  doc
    .font('plain')
    .fontSize(8)
    .fillColor(soft)
    .text(say('receipt'), right - 104, margin, { width: 104, align: 'right' })
  doc.font('bold').fontSize(12).fillColor(ink).text(receiptNumber(receipt), { width: 104, align: 'right' })
  doc.y = end + 14
}

/** How much, and whether it is still there. */
function sum({ doc, receipt, say, language, left, right }: Paper): void {
  const { amount_cents, reversed_at } = receipt
  const width = right - left
  rule(doc, { left, right, y: doc.y })
  const top = doc.y + 12
  doc.font('plain').fontSize(9).fillColor(soft)
  doc.text(say(reversed_at ? 'returned' : 'received'), left, top, { width })
  doc.fontSize(11).text('KSh', left, top + 27, { lineBreak: false })
  doc
    .font('bold')
    .fontSize(27)
    .fillColor(ink)
    .text(formatKes(amount_cents), left + 28, top + 11, { width })
  const note = noteOf(receipt, say, language)
  if (note)
    doc
      .font('plain')
      .fontSize(9)
      .fillColor(sun)
      .text(note, left, doc.y + 2, { width })
  doc.y += 10
}

function facts(paper: Paper): void {
  const { doc, receipt, say, language, left, right } = paper
  const { paid_at, provider } = receipt
  rule(doc, { left, right, y: doc.y })
  doc.y += 7
  const list: [string, string | null | undefined][] = [
    [say(provider === 'pesaflow' ? 'code_pesaflow' : 'code'), receipt.provider_receipt ?? say('code_follows')],
    [say('when'), `${showDay(paid_at, language)}, ${formatNairobi(paid_at, 'HH:mm')}`],
    [say('from'), [receipt.payer_name, payerPhone(receipt)?.replaceAll('•', '*')].filter(Boolean).join(' · ')],
    [say('for'), whatFor(receipt)],
  ]
  for (const [name, value] of list) if (value) row(paper, { name, value })
}

/** The lines of its invoices, what of them is paid, and the tax. */
function bill(paper: Paper): void {
  const { doc, receipt, say, left, right } = paper
  for (const { invoice_id, reference, amount_cents } of receipt.invoices) {
    const lines = receipt.lines.filter((one) => one.invoice_id === invoice_id)
    const total = lines.reduce((all, { amount_cents: cents }) => all + cents, 0)
    doc.y += 6
    rule(doc, { left, right, y: doc.y })
    doc.font('bold').fontSize(9).fillColor(ink)
    doc.text(say('invoice', { reference: plain(reference) }), left, doc.y + 7, { width: right - left })
    doc.y += 2
    for (const { description, quantity_thousandths, unit_cents, amount_cents: cents } of lines) {
      const times = quantity_thousandths === 1000 ? '' : ` · ${quantity_thousandths / 1000} × ${formatKes(unit_cents)}`
      row(paper, { name: `${plain(description)}${times}`, value: formatKes(cents), look: 'line' })
    }
    row(paper, { name: say('invoice_total'), value: formatKes(total), look: 'line' })
    row(paper, { name: say('paid_now'), value: formatKes(amount_cents), look: 'total' })
  }
  const { tax_cents, amount_cents, issuer } = receipt
  if (tax_cents === 0) return
  const rate =
    receipt.invoices.length === 0 && issuer.vat_rate_points ? String(issuer.vat_rate_points / 100) : undefined
  row(paper, { name: say('before_tax'), value: formatKes(amount_cents - tax_cents), look: 'line' })
  row(paper, { name: rate ? say('tax_rate', { rate }) : say('tax'), value: formatKes(tax_cents), look: 'line' })
}

type Row = { name: string; value: string; look?: 'line' | 'total' }

/** A name and what it stands for, at the two edges, on a new sheet where this one is full. */
function row({ doc, left, right, bottom }: Paper, { name, value, look }: Row): void {
  const font = look === 'line' ? 'plain' : 'bold'
  const shown = plain(value)
  doc.font(font).fontSize(9)
  const valueWidth = look ? Math.min(110, doc.widthOfString(shown) + 2) : (right - left) * 0.66
  const nameWidth = right - left - valueWidth - 10
  const valueHeight = doc.heightOfString(shown, { width: valueWidth })
  const height = Math.max(
    doc.font(look === 'total' ? 'bold' : 'plain').heightOfString(plain(name), { width: nameWidth }),
    valueHeight,
  )
  if (doc.y + height > bottom) doc.addPage()
  const { y } = doc
  doc.fillColor(look ? ink : soft).text(plain(name), left, y, { width: nameWidth })
  doc
    .font(font)
    .fillColor(ink)
    .text(shown, right - valueWidth, y, { width: valueWidth, align: 'right' })
  doc.y = y + height + (look === 'line' ? 2.5 : 5)
}

/** How it is checked, at the foot of the first sheet. */
function foot({ doc, say, receipt, left, right }: Paper, url: string): void {
  doc.switchToPage(0)
  // What stands in the margin would else begin a new sheet.
  doc.page.margins.bottom = 0
  const { height } = doc.page
  const top = height - margin - qrSide
  rule(doc, { left, right, y: top - 12 })
  drawQr(doc, url, { x: left, y: top, side: qrSide })
  const x = left + qrSide + 16
  const width = right - x
  doc.font('bold').fontSize(9).fillColor(ink).text(say('check'), x, top, { width, link: url, underline: false })
  doc.font('plain').fontSize(8.5).fillColor(soft).text(say('check_hint'), { width })
  if (receipt.issuer.email) doc.text(say('reach', { email: plain(receipt.issuer.email) }), { width })
  doc.fontSize(7).text('Lango', x, height - margin - 9, { width, align: 'right', lineBreak: false })
}

/** Says over every sheet that no real money stands behind it. */
function stamp({ doc, receipt, say }: Paper): void {
  const { environment } = receipt
  if (environment === 'live') return
  const { start, count } = doc.bufferedPageRange()
  for (let index = start; index < start + count; index++) {
    doc.switchToPage(index)
    const { width, height } = doc.page
    doc
      .save()
      .rotate(-24, { origin: [width / 2, height / 2] })
      .fillOpacity(0.09)
    doc.font('bold').fontSize(62).fillColor(sun)
    doc.text(say(`mark_${environment}`).toUpperCase(), 0, height / 2 - 44, { width, align: 'center', lineBreak: false })
    doc.restore().fillOpacity(1)
  }
}

function rule(doc: PDFKit.PDFDocument, { left, right, y }: { left: number; right: number; y: number }): void {
  doc.moveTo(left, y).lineTo(right, y).lineWidth(0.7).strokeColor(line).stroke()
}
