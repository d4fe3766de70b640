import { CERTIFICATES } from './certificates.ts'
import { fromBase64, toBase64 } from './core/base64.ts'

/**
 * Encrypts the password of an API operator as Daraja wants it: RSA with PKCS#1 v1.5 padding, by the public key of Safaricom's
 * certificate, in base64. Takes the name of a bundled certificate, or another one (or a bare public key) as PEM or DER. Whether
 * a certificate has expired does not count: every one that Safaricom has published has. The result differs each time and may
 * be kept; the password behind it is valid for 90 days. A wrong one is not refused at once, but by the result code 2001.
 * Throws on what is no RSA certificate, and on a password too long for its key.
 *
 * Written out, because WebCrypto has no such padding and edge runtimes have no `node:crypto`.
 *
 * @example securityCredential('Safaricom999!*!', 'sandbox') // 344 characters
 */
export function securityCredential(
  password: string,
  certificate: keyof typeof CERTIFICATES | (string & {}) | Uint8Array,
): string {
  const { modulus, exponent } = readPublicKey(certificateBytes(certificate))
  const length = Math.ceil(modulus.toString(2).length / 8)
  const padded = toBigInt(pad(new TextEncoder().encode(password), length))
  return toBase64(toBytes(power(padded, exponent, modulus), length))
}

/** `00 02`, at least eight random bytes that are not zero, `00`, the message. */
function pad(message: Uint8Array, length: number): Uint8Array {
  const fillLength = length - message.length - 3
  if (fillLength < 8) throw new Error('The password is too long for the key of this certificate.')
  const fill = crypto.getRandomValues(new Uint8Array(fillLength)).map((byte) => byte || 1)
  return Uint8Array.from([0, 2, ...fill, 0, ...message])
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let [square, left] = [base, exponent]; left > 0n; square = (square * square) % modulus, left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
  }
  return result
}

const SEQUENCE = 0x30

function certificateBytes(certificate: string | Uint8Array): Uint8Array {
  if (typeof certificate !== 'string') {
    return certificate[0] === SEQUENCE ? certificate : certificateBytes(new TextDecoder().decode(certificate))
  }
  const bundled: Record<string, string> = CERTIFICATES
  const text = bundled[certificate] ?? certificate
  return fromBase64(/-----BEGIN [^-]+-----([^-]+)-----END/.exec(text)?.[1] ?? text)
}

type PublicKey = { modulus: bigint; exponent: bigint }

/** The bytes of the object identifier 1.2.840.113549.1.1.1, rsaEncryption, with which every RSA key is labelled. */
const RSA_ENCRYPTION = '2a864886f70d010101'

const [INTEGER, BIT_STRING, OBJECT_IDENTIFIER, CONSTRUCTED] = [0x02, 0x03, 0x06, 0x20]

/** Finds the labelled key wherever it stands, so that a certificate and a bare public key are read alike. */
export function readPublicKey(der: Uint8Array): PublicKey {
  const key = findKey(readElements(der))
  if (!key) throw new Error('This is no certificate with an RSA key.')
  return key
}

function findKey(elements: Element[]): PublicKey | undefined {
  for (const [index, element] of elements.entries()) {
    if (!(element.tag & CONSTRUCTED)) continue
    const children = readElements(element.content)
    const [label] = children
    const next = elements[index + 1]
    if (label?.tag === OBJECT_IDENTIFIER && toHex(label.content) === RSA_ENCRYPTION && next?.tag === BIT_STRING) {
      return readKey(next.content.subarray(1))
    }
    const found = findKey(children)
    if (found) return found
  }
  return undefined
}

function readKey(der: Uint8Array): PublicKey | undefined {
  const [sequence] = readElements(der)
  const [modulus, exponent] = sequence ? readElements(sequence.content) : []
  if (modulus?.tag !== INTEGER || exponent?.tag !== INTEGER) return undefined
  return { modulus: toBigInt(modulus.content), exponent: toBigInt(exponent.content) }
}

type Element = { tag: number; content: Uint8Array }

/** Splits DER into the elements that follow one another: tag, length, content. */
function readElements(der: Uint8Array): Element[] {
  const elements: Element[] = []
  for (let at = 0; at + 1 < der.length;) {
    const [tag = 0, first = 0] = der.subarray(at, at + 2)
    // A length over 127 is written as how many bytes it takes, and then those bytes.
    const lengthBytes = first > 127 ? first - 128 : 0
    const length = lengthBytes === 0 ? first : Number(toBigInt(der.subarray(at + 2, at + 2 + lengthBytes)))
    const start = at + 2 + lengthBytes
    if (start + length > der.length) throw new Error('This is no certificate: it ends too early.')
    elements.push({ tag, content: der.subarray(start, start + length) })
    at = start + length
  }
  return elements
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`)
}

function toBytes(number: bigint, length: number): Uint8Array {
  const hex = number.toString(16).padStart(length * 2, '0')
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16))
}
