import { encode } from 'uqr'
import { api } from './api.ts'
import { families } from './family.ts'
import { oneOf, pattern, text, wholeShillings } from './fields.ts'
import { mustBe } from './judgements.ts'
import { pngOf } from './png.ts'
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
    const content = [TrxCode, CPI, Amount, RefNo, MerchantName].join('|')
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

/** The code as large as fits in a square of `size` pixels, but never smaller than one pixel a module. */
function draw(content: string, size: number): Buffer {
  const { data: modules, size: count } = encode(content.toWellFormed(), { ecc: 'L', border: margin })
  const scale = Math.max(1, Math.floor(size / count))
  const width = Math.max(size, count)
  const offset = Math.floor((width - count * scale) / 2)
  const at = (pixel: number) => Math.floor((pixel - offset) / scale)
  return pngOf(width, (x, y) => modules[at(y)]?.[at(x)] === true)
}
