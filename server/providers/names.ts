/** An upstream that moves money. */
export type ProviderName = 'mpesa' | 'pesaflow'

/** A provider as people know it. */
export const providerWords: Record<ProviderName, string> = { mpesa: 'M-Pesa', pesaflow: 'eCitizen' }

/** Where an account's money is: played, at the provider's own trial, or real. They never mix. */
export type Environment = 'simulator' | 'sandbox' | 'live'
