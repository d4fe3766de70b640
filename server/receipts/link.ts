import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Config } from '../config.ts'
import { showId } from '../id.ts'

const keyBytes = 16

/** What opens the page of one receipt: kept with it, since what is printed has to open it for years, whatever becomes of other keys. */
export function newLinkKey(): string {
  return randomBytes(keyBytes).toString('base64url')
}

type Linked = { id: string; link_key: string }

/** What opens the check of a receipt, and nothing more: it follows from the key of the receipt, and that not from this. */
export function verifyKey({ link_key }: Pick<Linked, 'link_key'>): string {
  return createHash('sha256').update(`verify ${link_key}`).digest().toString('base64url', 0, keyBytes)
}

/** The page of a receipt, or the receipt as a PDF, for whoever has the link. */
export function receiptUrl({ publicUrl }: Pick<Config, 'publicUrl'>, receipt: Linked, form: '' | '.pdf' = ''): string {
  return `${publicUrl}${receiptPath(receipt, form)}`
}

/** The same without the address of the installation. */
export function receiptPath({ id, link_key }: Linked, form: '' | '.pdf' = ''): string {
  return `/receipts/${showId('rct', id)}${form}?k=${link_key}`
}

/** Where anybody checks a receipt that they are shown. */
export function verifyUrl({ publicUrl }: Pick<Config, 'publicUrl'>, receipt: Linked): string {
  return `${publicUrl}/receipts/${showId('rct', receipt.id)}/verify?k=${verifyKey(receipt)}`
}

/** True for the key that it is to be; how near another one comes cannot be told by the time that this takes. */
export function isKey(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(one!, other!)
}
