import { randomFillSync } from 'node:crypto'

/** One prefix for each noun that the outside can name. */
export const nouns = {
  pay: 'a payment',
  ref: 'a refund',
  pot: 'a payout',
  bat: 'a batch of payouts',
  inv: 'an invoice',
  out: 'a payment made elsewhere',
  lnk: 'a payment link',
  rct: 'a receipt',
  evt: 'an event',
  whe: 'a webhook endpoint',
  dlv: 'a delivery',
  rec: 'a reconciliation run',
  key: 'an API key',
  mer: 'a merchant',
  acc: 'a provider account',
  usr: 'a user',
  min: 'money in',
  cbk: 'a callback',
  str: 'a callback without a valid token',
  aud: 'a line of the audit log',
} as const
export type Prefix = keyof typeof nouns

const pool = Buffer.alloc(8 * 256)
let random = ''
let used = 0
let lastMs = 0
let time = ''
let count = 0

/**
 * A new UUIDv7 of this moment. What this process makes is in order, also within a millisecond: a 26-bit counter stands behind the
 * time, and 48 random bits behind the counter.
 */
export function newId(now: Date): string {
  if (used === random.length) {
    random = randomFillSync(pool).toString('hex')
    used = 0
  }
  const start = used
  used += 16
  const ms = now.getTime()
  if (ms === lastMs) count++
  else {
    // It begins anew at a random place, so that nodes seldom make the same.
    count = parseInt(random.slice(start + 12, used), 16)
    const digits = ms.toString(16).padStart(12, '0')
    time = `${digits.slice(0, 8)}-${digits.slice(8)}`
    lastMs = ms
  }
  const high = (0x7000 | ((count >> 14) & 0xfff)).toString(16)
  const low = (0x8000 | (count & 0x3fff)).toString(16)
  return `${time}-${high}-${low}-${random.slice(start, start + 12)}`
}

/** Another id for what came with this one: the same, of the same moment, however often it is asked for. */
export function idAfter(id: string, index: number): string {
  const last = (BigInt(`0x${id.slice(24)}`) + BigInt(index)) % 2n ** 48n
  return id.slice(0, 24) + last.toString(16).padStart(12, '0')
}

/** The smallest UUIDv7 of a moment: the bound of a partition, or of a list since a time. */
export function firstIdOf(at: Date): string {
  // Before 1970 there are none.
  const time = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`
}

/** The moment at which a UUIDv7 was made, as it tells itself. */
export function timeOf(id: string): Date {
  return new Date(parseInt(id.slice(0, 13).replace('-', ''), 16))
}

/** An id as the outside sees it: `pay_` and 32 hex digits. */
export function showId(prefix: Prefix, id: string): string {
  return `${prefix}_${id.replaceAll('-', '')}`
}

/** Reads an id as the outside writes it; undefined when it is not one of this noun. */
export function parseId(prefix: Prefix, text: string): string | undefined {
  if (!text.startsWith(`${prefix}_`)) return undefined
  const hex = text.slice(prefix.length + 1)
  if (!/^[0-9a-f]{32}$/.test(hex)) return undefined
  return toUuid(hex)
}

/** Puts the dashes of a UUID into 32 hex digits. */
export function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
