import { isUtf8 } from 'node:buffer'

/**
 * The text of a file: UTF-16 by its mark or its zeros, UTF-8 where it is valid, else Windows-1252, in which Excel saves a CSV.
 * U+0000, which no database keeps, is left out.
 */
export function decode(content: Uint8Array): string {
  return new TextDecoder(encodingOf(content)).decode(content).replaceAll('\u0000', '')
}

function encodingOf(content: Uint8Array): string {
  const [first, second] = content
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  // The first signs of a statement are of ASCII: in UTF-16 every second byte of them is a zero.
  const begin = content.subarray(0, 64)
  const zeros = (odd: 0 | 1) => begin.filter((byte, index) => byte === 0 && index % 2 === odd).length
  if (zeros(1) > begin.length / 4 && zeros(0) === 0) return 'utf-16le'
  if (zeros(0) > begin.length / 4 && zeros(1) === 0) return 'utf-16be'
  return isUtf8(content) ? 'utf-8' : 'windows-1252'
}
