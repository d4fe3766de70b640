import { dynamicQr } from '@lango/daraja'
import type { Context } from '../../context.ts'
import type { Account } from '../../accounts/account.ts'
import type { Refused, Unknown } from '../outcome.ts'
import type { QrDrawn, QrRequest } from '../qr.ts'
import { darajaOf } from './daraja.ts'
import { notAccepted } from './outcome.ts'
import { refuseUnpayable } from './payment.ts'

/** Has Safaricom draw a code that M-PESA's app pays: to the till, or to the paybill with the reference as account number. */
export async function drawQr(
  context: Context,
  account: Account,
  { merchant_name, reference, amount_cents, size_pixels }: QrRequest,
): Promise<QrDrawn | Refused | Unknown> {
  const outcome = await dynamicQr(darajaOf(context, account), {
    merchantName: merchant_name,
    reference,
    amount: amount_cents / 100,
    type: account.till ? 'till' : 'paybill',
    receiver: account.till ?? account.shortcode,
    sizePixels: size_pixels,
  })
  return outcome.kind === 'accepted' ? { kind: 'drawn', image: outcome.image } : notAccepted(outcome)
}

/** Refuses an amount or a reference that nobody could pay by it. */
export function refuseUndrawable({ amount_cents, reference }: QrRequest): void {
  refuseUnpayable({ amount_cents, account_reference: reference })
}
