import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { judge } from './core/judge.ts'
import { amountObjection, lengthObjection, refuseLocally } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'

/** What the code asks the payer's app to do, with Daraja's letters for it. */
export const QR_TYPES = { till: 'BG', paybill: 'PB', agent: 'WA', person: 'SM', business: 'SB' } as const

export type DynamicQr = {
  merchantName: string
  /** The reference of the sale. */
  reference: string
  /** Whole shillings. */
  amount: number
  /** Pay a till or paybill, withdraw at an agent, send to a person, or to a business by its phone number. */
  type: keyof typeof QR_TYPES
  /** The till, paybill, agent or phone number that receives. */
  receiver: string
  /** Width and height in pixels. Defaults to 300. */
  sizePixels?: number
}

export type DynamicQrMade = {
  /** A PNG in base64. */
  image: string
  requestId: string | undefined
  responseDescription: string
}

/**
 * Draws a QR code that M-PESA's app and My OneApp can pay (`POST /mpesa/qrcode/v1/generate`). Answered at once; moves no money.
 * Its `ResponseCode` is `00` in traffic and an id in the portal's sample, so the image itself is what counts. Never throws.
 *
 * @example await dynamicQr(daraja, { merchantName: 'Duka', reference: 'INV-7', amount: 100, type: 'till', receiver: '373132' })
 */
export async function dynamicQr(
  daraja: Daraja,
  code: DynamicQr,
  options: SendOptions = {},
): Promise<Outcome<DynamicQrMade>> {
  const size = code.sizePixels ?? 300
  const refusal = refuseLocally(
    [
      amountObjection(code.amount),
      lengthObjection('merchant name', code.merchantName, 1, 100),
      Number.isInteger(size) && size > 0 ? undefined : 'The size must be whole pixels.',
    ],
    options,
  )
  if (refusal) return refusal
  const reply = await post(daraja, '/mpesa/qrcode/v1/generate', {
    MerchantName: code.merchantName,
    RefNo: code.reference,
    Amount: code.amount,
    TrxCode: QR_TYPES[code.type],
    CPI: code.receiver,
    Size: String(size),
  })
  return judge(reply, {
    accepted(json) {
      const image = asText(json['QRCode'])
      const requestId = asText(json['RequestID']) ?? asText(json['ResponseID'])
      return image === undefined
        ? undefined
        : { image, requestId, responseDescription: asText(json['ResponseDescription']) ?? '' }
    },
  })
}
