/**
 * The addresses from which Safaricom posts callbacks, by "Getting Started" on its portal. A list is no proof: callbacks carry
 * no signature, so what they claim must be confirmed by a token in the URL or by a query.
 */
export const CALLBACK_ADDRESSES: readonly string[] = [
  '196.201.214.200',
  '196.201.214.206',
  '196.201.214.207',
  '196.201.214.208',
  '196.201.213.114',
  '196.201.213.44',
  '196.201.212.127',
  '196.201.212.138',
  '196.201.212.129',
  '196.201.212.136',
  '196.201.212.74',
  '196.201.212.69',
]

/** What Safaricom expects in answer to any callback but a C2B validation: status 200, and by convention this body. */
export function acknowledgeCallback() {
  return { ResultCode: 0, ResultDesc: 'Accepted' }
}
