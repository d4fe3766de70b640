/** The bytes in base64. Written with `btoa`, which every runtime has. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The text's UTF-8 bytes in base64. */
export function textToBase64(text: string): string {
  return toBase64(new TextEncoder().encode(text))
}

/** The bytes that base64 text spells; white space is skipped. Throws on text that is no base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replace(/\s+/g, '')), (character) => character.charCodeAt(0))
}
