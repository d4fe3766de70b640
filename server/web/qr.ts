import { encode, renderSVG } from 'uqr'

/** A QR code as a picture that any size of paper takes: a reader of it finds the text, also where a tenth of it is soiled. */
export function qrPicture(text: string): string {
  return renderSVG(text, { ecc: 'M', border: 2 })
}

/** The same as the path of its dark modules, in a grid of `size` by `size`, without the quiet zone around it. */
export function qrPath(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: 'M', border: 0 })
  const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return { path: squares.join(''), size }
}
