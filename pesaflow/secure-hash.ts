import { hashText } from './core/hash.ts'

/** The credentials that hashes are made with. */
export type Credentials = { readonly apiClientId: string; readonly apiKey: string; readonly secret: string }

/** What the hash of a checkout is made of, under the names and exactly in the words that are sent. */
export type HashedFields = {
  amountExpected: string
  serviceID: string
  clientIDNumber: string
  currency: string
  billRefNumber: string
  billDesc: string
  clientName: string
}

/**
 * The `secureHash` of a checkout: HMAC-SHA256 by the key over client number, amount, service, identity, currency, reference,
 * description, name and secret, with nothing between them; then base64 of its *hexadecimal* text, which makes 88 characters.
 * Base64 of the bytes, 44 characters, is refused.
 */
export function checkoutHash({ apiClientId, apiKey, secret }: Credentials, fields: HashedFields): Promise<string> {
  const { amountExpected, serviceID, clientIDNumber, currency, billRefNumber, billDesc, clientName } = fields
  const data = [apiClientId, amountExpected, serviceID, clientIDNumber, currency, billRefNumber, billDesc, clientName]
  return hashText(apiKey, data.join('') + secret)
}

/** The `secure_hash` of a question for a payment's status: over client number and reference, without the secret. */
export function statusHash({ apiClientId, apiKey }: Omit<Credentials, 'secret'>, refNo: string): Promise<string> {
  return hashText(apiKey, apiClientId + refNo)
}
