import { api } from './api.ts'
import { families } from './family.ts'
import { oneOf, pattern, text, wholeShillings } from './fields.ts'
import { mustBe } from './judgements.ts'
import { pngOf } from './png.ts'
import { qrBytesMax, qrCode, qrSize } from './qr-code.ts'
import { invalid, ok } from './reply.ts'

const sizeMax = 1000
const margin = 4

/**
 * Draws a QR code. What Safaricom writes into its codes is not published; here it is the request, with bars: type,
 * receiver, amount, reference and merchant.
 */
export const dynamicQr = api({
  name: 'qrcode',
  path: '/mpesa/qrcode/v1/generate',
  family: families.query,
  fields: {
    MerchantName: text(100),
    RefNo: text(40),
    Amount: wholeShillings,
    TrxCode: oneOf('BG', 'WA', 'PB', 'SM', 'SB'),
    CPI: pattern(/^\+?\d{4,15}$/, 'the number of a till, a paybill, an agent or a phone'),
    Size: pattern(/^[1-9]\d{0,3}$/, 'a number of pixels'),
  },
  answer(world, { MerchantName, RefNo, Amount, TrxCode, CPI, Size }) {
    if (Number(Size) > sizeMax) return invalid('Size', mustBe('Size', `${sizeMax} pixels at most`))
    const content = beginningOf([TrxCode, CPI, Amount, RefNo, MerchantName].join('|'), qrBytesMax)
    const isObserved = world.settings.qr_answer === 'observed'
    return ok({
      ResponseCode: isObserved ? '00' : world.ids.conversation(),
      RequestID: world.ids.request(),
      ResponseDescription: isObserved
        ? 'The service request is processed successfully.'
        : 'QR Code Successfully Generated.',
      QRCode: draw(content, Number(Size)).toString('base64'),
    })
  },
})

/** As many whole characters as fit. */
function beginningOf(text: string, bytesMax: number): Uint8Array {
  const bytes = new Uint8Array(bytesMax)
  return bytes.subarray(0, new TextEncoder().encodeInto(text, bytes).written)
}

/** The code as large as fits in a square of `size` pixels, but never smaller than one pixel a module. */
function draw(content: Uint8Array, size: number): Buffer {
  const modules = qrCode(content)
  const scale = Math.max(1, Math.floor(size / (qrSize + 2 * margin)))
  const width = Math.max(size, qrSize + 2 * margin)
  const offset = Math.floor((width - qrSize * scale) / 2)
  const at = (pixel: number) => Math.floor((pixel - offset) / scale)
  return pngOf(width, (x, y) => modules[at(y)]?.[at(x)] === true)
}
