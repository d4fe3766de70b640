import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'
import type { Logo } from '../merchants/logo.ts'
import { readableOn } from './color.ts'
import { qrPath } from './qr.ts'
import { isWholePng } from './whole-png.ts'

const fontOf = (file: string) => readFileSync(new URL(import.meta.resolve(`@expo-google-fonts/noto-sans/${file}.ttf`)))
const fonts = { plain: fontOf('400Regular/NotoSans_400Regular'), bold: fontOf('600SemiBold/NotoSans_600SemiBold') }

/** The colours of the page, on paper. */
export const colors = { ink: '#13211b', soft: '#5d6b63', line: '#d9d3c6', gate: '#0b6b4f', sun: '#8f5400' }

/** A document with the fonts `plain` and `bold` in it, so that it looks the same everywhere. */
export function newPdf(options: PDFKit.PDFDocumentOptions): PDFKit.PDFDocument {
  const doc = new PDFDocument({ bufferPages: true, ...options })
  return doc.registerFont('plain', fonts.plain).registerFont('bold', fonts.bold)
}

/** Ends a document, and answers it whole. */
export async function bytesOf(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const bytes = buffer(doc)
  doc.end()
  return bytes
}

/** Pictures among letters, and what joins and colours them; not the digits and signs that a picture may be made of. */
const emoji = /[[\p{Extended_Pictographic}\p{Emoji_Component}]--[0-9#*©®™‼⁉↔]]+/gv

/** A text on one line, without what nobody sees, and without emoji, which would be boxes on paper: the fonts have none. */
export function plain(text: string): string {
  return onOneLine(text.replace(emoji, ' ')) || onOneLine(text)
}

function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
}

type Badge = { logo?: Logo | undefined; color: string; name: string; x: number; y: number; side: number }

/** The logo of a business, or the first letter of its name where there is none that a PDF can hold. */
export function drawBadge(doc: PDFKit.PDFDocument, { logo, color, name, x, y, side }: Badge): void {
  if (logo && (logo.type === 'image/jpeg' || isWholePng(logo.bytes))) {
    try {
      doc.image(logo.bytes, x, y, { fit: [side, side], align: 'center', valign: 'center' })
      return
    } catch {
      // A picture that browsers show and this library cannot read: the letter says as much.
    }
  }
  const letter = String.fromCodePoint(plain(name).codePointAt(0) ?? 63).toUpperCase()
  doc.roundedRect(x, y, side, side, side / 5).fill(color)
  doc
    .font('bold')
    .fontSize(side * 0.45)
    .fillColor(readableOn(color))
  doc.text(letter, x, y + side * 0.18, { width: side, align: 'center', lineBreak: false })
}

/** A QR code that leads to an address, in black, without the quiet zone around it. */
export function drawQr(
  doc: PDFKit.PDFDocument,
  url: string,
  { x, y, side }: { x: number; y: number; side: number },
): void {
  const { path, size } = qrPath(url)
  doc
    .save()
    .translate(x, y)
    .scale(side / size)
    .path(path)
    .fill('#000')
    .restore()
}
