import { renderSVG } from 'uqr'

/** A QR code as a picture that any size of paper takes: a reader of it finds the text, also where a tenth of it is soiled. */
export function qrPicture(text: string): string {
  return renderSVG(text, { ecc: 'M', border: 2 })
}
