/** What a test lets Daraja say of a push: by default that 100 shillings were paid. */
export type SaidOfPush = { code?: number; receipt?: string; amount?: unknown; bare?: boolean }

/** What Daraja posts about a push. A `bare` success names neither receipt nor amount. */
export function stkCallback(
  checkoutRequestId: string,
  { code = 0, receipt = 'UKK7X2M4QA', amount = 100, bare = false }: SaidOfPush = {},
) {
  const Item = [
    { Name: 'Amount', Value: amount },
    { Name: 'MpesaReceiptNumber', Value: receipt },
    { Name: 'Balance' },
    { Name: 'TransactionDate', Value: 20261120143208 },
    { Name: 'PhoneNumber', Value: 254712345678 },
  ]
  const stkCallback = {
    MerchantRequestID: '29115-34620561-1',
    CheckoutRequestID: checkoutRequestId,
    ResultCode: code,
    ResultDesc: 'As it came',
    ...(code === 0 && !bare && { CallbackMetadata: { Item } }),
  }
  return { Body: { stkCallback } }
}
