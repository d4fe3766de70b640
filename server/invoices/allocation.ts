/** How much of a payment was put to an invoice, as the database holds it. What went back is no longer in it. */
export type Allocation = {
  merchant_id: string
  payment_id: string
  invoice_id: string
  amount_cents: number
  created_at: Date
  updated_at: Date
}
