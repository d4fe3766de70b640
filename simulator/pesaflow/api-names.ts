/** Pesaflow's APIs by the names that fault rules and the log use; `pesaflow_ipn` is its notification. */
export const pesaflowApiNames = [
  'pesaflow_token',
  'pesaflow_checkout',
  'pesaflow_invoice',
  'pesaflow_status',
  'pesaflow_ipn',
] as const

export type PesaflowApiName = (typeof pesaflowApiNames)[number]
