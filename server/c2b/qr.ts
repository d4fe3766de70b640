import type { Context } from '../context.ts'
import type { Account } from '../accounts/account.ts'
import { findMerchants } from '../merchants/merchant.ts'
import { notTaken } from '../providers/not-taken.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import type { QrRequest } from '../providers/qr.ts'
import { providerWords } from '../providers/names.ts'

/**
 * Has the provider draw a code that customers pay with its app, and answers it as a PNG in base64. What they pay comes as money
 * in, with the reference of the code.
 * @throws a Problem for what could not be paid by it, or when the provider did not draw it.
 */
export async function drawQrCode(
  context: Context,
  account: Account,
  { merchant_name, ...asked }: Omit<QrRequest, 'merchant_name'> & { merchant_name?: string },
): Promise<string> {
  const { draw, refuse } = supported(
    providerOf(context, account).qrCodes,
    `The provider ${providerWords[account.provider]} draws no QR codes.`,
  )
  const [merchant] = await findMerchants(context, [account.merchant_id])
  const request = { ...asked, merchant_name: merchant_name ?? merchant!.name }
  refuse(request)
  const outcome = await draw(context, account, request)
  if (outcome.kind !== 'drawn') throw notTaken(outcome, 'Try again: it moves no money.')
  return outcome.image
}
