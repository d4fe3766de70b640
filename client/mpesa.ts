import type { Acceptance } from './acceptance.ts'
import type { Call } from './call.ts'
import type { Environment, OfAccount } from './payments.ts'
import { queryText } from './query.ts'

/** The last balance that M-Pesa told. */
export type Balance = {
  environment: Environment
  shortcode: string
  accounts: {
    name: string
    currency: string
    current: string
    available: string
    reserved: string
    uncleared: string
  }[]
  /** When it was so; `null` while none was told yet. */
  as_of: string | null
  /** Why the last question has no answer. */
  problem: string | null
}

/** What Safaricom does with a payment while nobody answers its question. */
export type DefaultAction = 'accept' | 'reject'

export type C2bRegistration = {
  shortcode: string
  environment: string
  confirmation_url: string
  validation_url: string
  default_action: DefaultAction
  already_registered: boolean
  notes: string[]
}

/** Which payments from the M-PESA menu are let in, where Safaricom has enabled validation for the short code. */
export type C2bRule = {
  accepts: 'all' | 'known_reference' | 'exact_amount' | 'what_url_accepts'
  known_references: string[]
  url: string | null
  default_action: DefaultAction
}

export type NewC2bRule = {
  accepts: C2bRule['accepts']
  known_references?: string[]
  /** Your server, for `what_url_accepts`: it is posted the payment, and answers `{"accept": true}` or `{"accept": false}` in 4 seconds. */
  url?: string
}

export type NewQrCode = OfAccount & {
  /** Shillings: whole ones. */
  amount: number | string
  /** With which the money comes. */
  account_reference: string
  /** As the payer's app shows it; the merchant's name by default. */
  merchant_name?: string
  /** Its width and height, 100 to 1,000 pixels; 300 by default. */
  size?: number
}

export type QrCode = {
  shortcode: string
  environment: string
  amount: string
  account_reference: string
  content_type: 'image/png'
  /** The picture, in base64. */
  image: string
}

export type Mpesa = {
  /** Has M-Pesa draw a QR code that its app pays. */
  qrCode(code: NewQrCode): Promise<QrCode>
  /** Asks M-Pesa what the short code holds. Read the answer some seconds later with `balance`. */
  askBalance(of?: OfAccount): Promise<Acceptance>
  balance(of?: OfAccount): Promise<Balance>
  /** Has Safaricom tell of payments that customers make from the M-PESA menu. Safe to repeat. */
  registerC2b(registration?: OfAccount & { default_action?: DefaultAction }): Promise<C2bRegistration>
  c2bRule(of?: OfAccount): Promise<C2bRule>
  setC2bRule(rule: NewC2bRule, of?: OfAccount): Promise<C2bRule>
}

export function mpesa(call: Call): Mpesa {
  return {
    qrCode: (code) => call.post('/mpesa/qr', code),
    askBalance: (of = {}) => call.post(`/mpesa/balance${queryText(of)}`),
    balance: (of = {}) => call.get(`/mpesa/balance${queryText(of)}`),
    registerC2b: ({ account, ...registration } = {}) =>
      call.post(`/mpesa/c2b/register${queryText({ account })}`, registration),
    c2bRule: (of = {}) => call.get(`/mpesa/c2b/rule${queryText(of)}`),
    setC2bRule: (rule, of = {}) => call.put(`/mpesa/c2b/rule${queryText(of)}`, rule),
  }
}
