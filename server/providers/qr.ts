/** What a QR code asks its reader to pay. */
export type QrRequest = {
  /** Who is paid, as the payer's app shows it. */
  merchant_name: string
  reference: string
  amount_cents: number
  /** Width and height. */
  size_pixels: number
}

/** The provider has drawn the code: a PNG, in base64. */
export type QrDrawn = { kind: 'drawn'; image: string }
