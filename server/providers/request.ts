/** A payment as its provider has to know it. Amounts are cents, the phone is `254…`. */
export type PaymentRequest = {
  merchant_id: string
  id: string
  amount_cents: number
  /** What the provider takes on top, as far as it has told. */
  commission_cents: number
  phone: string | null
  sent_reference: string
  description: string | null
  payer_name: string | null
  payer_email: string | null
  payer_id_number: string | null
  callback_url: string | null
  provider_ref: string | null
}

/** A refund as its provider has to know it. */
export type RefundRequest = {
  merchant_id: string
  id: string
  payment_receipt: string
  amount_cents: number
  reason: string | null
}

/** A payout as its provider has to know it: to a person's phone, or to a business's short code. */
export type PayoutRequest = {
  merchant_id: string
  id: string
  kind: 'b2c' | 'pochi' | 'b2b'
  amount_cents: number
  phone: string | null
  shortcode: string | null
  shortcode_type: 'paybill' | 'till' | null
  account_reference: string | null
  reason: 'business_payment' | 'salary_payment' | 'promotion_payment' | null
  remarks: string | null
}
