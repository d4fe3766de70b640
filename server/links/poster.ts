import type { Account } from '../accounts/account.ts'
import { accountOf } from '../accounts/find.ts'
import { defaultAccount } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { showId } from '../id.ts'
import { findLogo } from '../merchants/logo.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { formatKes } from '../money.ts'
import { bytesOf, colors, drawBadge, drawQr, newPdf, plain } from '../web/pdf.ts'
import { isWholePng } from '../web/whole-png.ts'
import type { Link } from './link.ts'
import { posterWords as words } from './poster-words.ts'

/** How a poster is wanted. */
export type PosterOptions = {
  size?: 'A4' | 'A5'
  /** What is typed as the account where one pays by hand at a paybill; made of the name of the link where none is given. */
  account_reference?: string | undefined
  /** A code of M-Pesa's own, as a PNG, in the place of the one that leads to the link. */
  code?: Buffer | undefined
}

/** The account in use that a link is paid to. */
export async function accountOfLink(context: Context, link: Link): Promise<Account> {
  const made = await accountOf(context, link)
  return made.ended_at ? defaultAccount(context, link.merchant_id, link.provider) : made
}

/** What one types as the account to pay by hand for a link: its name, as far as M-Pesa takes it. */
export function referenceOfLink({ name, id }: Pick<Link, 'name' | 'id'>): string {
  const [first = '', ...more] = plain(name)
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9 ]/g, '')
    .split(' ')
    .filter(Boolean)
  // Small words, `ya` and `cha`, say nothing, and cost who types them.
  const [second] = more.filter((word) => word.length > 3)
  const both = `${first} ${second ?? ''}`.trim()
  return both && both.length <= longest ? both : first.slice(0, longest) || showId('lnk', id).slice(-8).toUpperCase()
}

/** What M-Pesa takes as an account. */
const longest = 12

/** The width of A4 in points: everything is drawn for it, and A5 is the same made smaller. */
const full = { width: 595.28, height: 841.89, margin: 48 }

type Sheet = { doc: PDFKit.PDFDocument; left: number; width: number }

/**
 * A poster for the counter, as a PDF: whose it is, what is paid, a QR code that leads to the link, and how to pay by hand, in
 * Swahili and English. It is drawn in black, so that any printer will do.
 */
export async function poster(context: Context, link: Link, options: PosterOptions = {}): Promise<Buffer> {
  const { size = 'A4', account_reference: reference = referenceOfLink(link) } = options
  const code = options.code && isWholePng(options.code) ? options.code : undefined
  const [merchant] = await findMerchants(context, [link.merchant_id])
  const name = plain(merchant?.name ?? link.name)
  const logo = merchant?.logo_version ? await findLogo(context, link.merchant_id) : undefined
  const account = await accountOfLink(context, link)
  const info = {
    Title: `${plain(link.name)} · ${name}`,
    Author: name,
    Creator: 'Lango',
    CreationDate: context.clock.now(),
  }
  const doc = newPdf({ size, margin: 0, lang: 'sw', info })
  doc.scale(doc.page.width / full.width)
  const { margin } = full
  const sheet = { doc, left: margin, width: full.width - 2 * margin }
  drawBadge(doc, { logo, color: merchant?.color ?? colors.gate, name, x: full.width / 2 - 28, y: 36, side: 56 })
  line(sheet, name, { y: 98, size: 26, font: 'bold', lines: 2 })
  line(sheet, plain(link.name), { y: 150, size: 16, color: colors.soft })
  both(sheet, link.provider === 'mpesa' ? words.pay : words.pay_ecitizen, { y: 178, size: 32 })
  const url = `${context.config.publicUrl}/pay/${showId('lnk', link.id)}`
  drawCode(sheet, { url, code })
  both(sheet, code ? words.scan_mpesa : words.scan, { y: 543, size: 15 })
  if (link.provider === 'mpesa') byHand(sheet, { link, account, reference })
  foot(sheet, link)
  return bytesOf(doc)
}

function drawCode({ doc }: Sheet, { url, code }: { url: string; code: Buffer | undefined }): void {
  const [side, y] = [236, 280]
  const x = (full.width - side) / 2
  doc
    .roundedRect(x - 16, y - 16, side + 32, side + 32, 14)
    .lineWidth(2)
    .strokeColor(colors.ink)
    .stroke()
  if (code) doc.image(code, x, y, { fit: [side, side], align: 'center', valign: 'center' })
  else drawQr(doc, url, { x, y, side })
}

type ByHand = { link: Link; account: Account; reference: string }

/** The second way, for a phone without a camera: each number in a box of its own. */
function byHand(sheet: Sheet, { link, account, reference }: ByHand): void {
  const { doc, left, width } = sheet
  const isTill = account.type === 'till'
  const top = 596
  doc
    .moveTo(left, top)
    .lineTo(left + width, top)
    .lineWidth(1)
    .dash(4, { space: 4 })
    .strokeColor(colors.soft)
    .stroke()
    .undash()
  both(sheet, words.by_hand, { y: top + 14, size: 15 })
  line(sheet, isTill ? words.menu_till : words.menu_paybill, { y: top + 56, size: 13, color: colors.ink })
  const amount = link.amount_cents === null ? words.any_amount[0] : `KSh ${formatKes(link.amount_cents, 'short')}`
  const boxes: [readonly [string, string], string][] = [
    [isTill ? words.till : words.paybill, isTill ? (account.till ?? account.shortcode) : account.shortcode],
    ...(isTill ? [] : [[words.account, reference] as [readonly [string, string], string]]),
    [words.amount, amount],
  ]
  const gap = 12
  const each = (width - gap * (boxes.length - 1)) / boxes.length
  for (const [index, [label, value]] of boxes.entries()) {
    const x = left + index * (each + gap)
    doc
      .roundedRect(x, top + 82, each, 74, 10)
      .lineWidth(1.5)
      .strokeColor(colors.ink)
      .stroke()
    const inBox = { ...sheet, left: x + 8, width: each - 16 }
    line(inBox, label.join(' · '), { y: top + 90, size: 9.5, color: colors.soft })
    line(inBox, plain(value), { y: top + 110, size: 25, font: 'bold' })
  }
}

function foot(sheet: Sheet, { environment }: Link): void {
  if (environment !== 'live') line(sheet, words.test.join(' · '), { y: 778, size: 13, font: 'bold', color: colors.sun })
  line(sheet, 'Lango', { y: 806, size: 8, color: colors.soft })
}

/** Swahili large, English small below it. */
function both(
  sheet: Sheet,
  [swahili, english]: readonly [string, string],
  { y, size }: { y: number; size: number },
): void {
  line(sheet, swahili, { y, size, font: 'bold' })
  line(sheet, english, { y: y + size * 1.32, size: size * 0.58 + 3, color: colors.soft })
}

type Line = { y: number; size: number; font?: 'plain' | 'bold'; color?: string; lines?: 1 | 2 }

/** One line in the middle, as large as it fits, or two smaller ones; what is too long even so ends in dots. */
function line(
  { doc, left, width }: Sheet,
  text: string,
  { y, size, font = 'plain', color = colors.ink, lines = 1 }: Line,
): void {
  doc.font(font).fontSize(size).fillColor(color)
  const share = (width * 0.99) / Math.max(1, doc.widthOfString(text))
  const fitting = share >= 1 ? size : Math.max(share * size, size * (lines === 2 ? 0.66 : 0.5))
  const isWhole = share * size >= fitting
  doc.fontSize(fitting).text(text, left, y + (lines === 2 && !isWhole ? 0 : (size - fitting) * 0.7), {
    width,
    height: fitting * (isWhole ? 1.4 : 1.4 * lines),
    align: 'center',
    ellipsis: true,
    lineGap: -fitting * 0.1,
  })
}
