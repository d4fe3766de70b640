import { createHmac } from 'node:crypto'

/** As PHP's `base64_encode(hash_hmac('sha256', …))` does: base64 of the hexadecimal text, 88 characters. */
export const secureHash = (key: string, ...parts: string[]): string =>
  Buffer.from(createHmac('sha256', key).update(parts.join('')).digest('hex')).toString('base64')
