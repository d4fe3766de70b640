/** A picture as its own bytes tell it, whatever its sender says. */
export type Image = { type: 'image/png' | 'image/jpeg' | 'image/webp'; width: number; height: number }

/** What a PNG, a JPEG or a WebP is by its first bytes; undefined for anything else. */
export function readImage(bytes: Buffer): Image | undefined {
  try {
    return readPng(bytes) ?? readWebp(bytes) ?? readJpeg(bytes)
  } catch (error) {
    // It ends before it has told its size.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const pngBegins = Buffer.from('89504e470d0a1a0a', 'hex')

function readPng(bytes: Buffer): Image | undefined {
  if (!bytes.subarray(0, 8).equals(pngBegins) || textAt(bytes, 12) !== 'IHDR') return undefined
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

function readWebp(bytes: Buffer): Image | undefined {
  if (textAt(bytes, 0) !== 'RIFF' || textAt(bytes, 8) !== 'WEBP') return undefined
  const size = sizeOfWebp(bytes)
  return size && { type: 'image/webp', ...size }
}

function sizeOfWebp(bytes: Buffer): Omit<Image, 'type'> | undefined {
  switch (textAt(bytes, 12)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21)
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) }
    }
    case 'VP8X':
      return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) }
    default:
      return undefined
  }
}

/** The frame that tells the size of a JPEG stands behind segments of any number. */
function readJpeg(bytes: Buffer): Image | undefined {
  if (bytes.readUIntBE(0, 3) !== 0xffd8ff) return undefined
  for (let at = 2; bytes[at] === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
  }
  return undefined
}

function textAt(bytes: Buffer, from: number): string {
  return bytes.toString('latin1', from, from + 4)
}
