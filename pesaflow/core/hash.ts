/** Pesaflow's hash of a text: HMAC-SHA256 in lower-case hex, and that hex, not the bytes, in base64. Always 88 characters. */
export async function hashText(key: string, text: string): Promise<string> {
  const mac = await crypto.subtle.sign('HMAC', await importKey(key, 'sign'), encode(text))
  return btoa(toHex(new Uint8Array(mac)))
}

/** Whether a hash is that of the text. The time it takes tells nothing about how much of it was right. */
export async function verifyHash(key: string, text: string, hash: string): Promise<boolean> {
  const mac = decodeHash(hash)
  return mac !== undefined && crypto.subtle.verify('HMAC', await importKey(key, 'verify'), mac, encode(text))
}

/** The 32 bytes that a hash spells; `undefined` for any other text, base64 of the bare bytes included. */
function decodeHash(hash: string): Uint8Array<ArrayBuffer> | undefined {
  const hex = /^[A-Za-z0-9+/]{86}==$/.test(hash) ? atob(hash) : ''
  if (!/^[0-9a-f]{64}$/.test(hex)) return undefined
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function importKey(key: string, use: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [use])
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
