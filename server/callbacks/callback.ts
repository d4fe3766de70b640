/** A body as a provider posted it, and whom it concerns, as it is kept. */
export type Callback = {
  id: string
  merchant_id: string
  kind: string
  subject_id: string | null
  received_at: Date
  path: string
  source_address: string
  headers: Record<string, string>
  body: Buffer
}
