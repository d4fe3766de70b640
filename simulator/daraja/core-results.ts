/** How a request of an API operator can end, in the words of M-PESA's core. */
const texts = new Map(
  Object.entries<string>({
    '0': 'The service request is processed successfully.',
    '1': 'The balance is insufficient for the transaction.',
    '2': 'Declined due to limit rule: less than the minimum transaction amount.',
    '3': 'Declined due to limit rule: greater than the maximum transaction amount.',
    '4': 'Declined due to limit rule: would exceed daily transfer limit',
    '8': 'Declined due to limit rule: would exceed the maximum balance.',
    '11': 'The DebitParty is in an invalid state.',
    '21': 'The initiator is not allowed to initiate this request',
    '25': 'The format of parameter null is invalid.',
    '2001': 'The initiator information is invalid.',
    '2006': 'Declined due to account rule: The account status does not allow this transaction.',
    '2028': 'The request is not permitted according to product assignment.',
    '2032': 'The transaction receipt number does not exist.',
    '2040': "Credit Party customer type can't be supported by the service.",
    '8006': 'The security credential is locked',
    SFC_IC0003: 'The operator does not exist.',
    R000001: 'The transaction has already been reversed',
    R000002: 'The OriginalTransactionID is invalid.',
  }),
)

export const coreText = (code: string): string => texts.get(code) ?? ''

/** What the phone `25470000NNNN` makes of any payment to it: it fails with result code NNNN, 9003 being SFC_IC0003. */
export function magicFailure(msisdn: string): string | undefined {
  const [, digits] = /^25470000(\d{4})$/.exec(msisdn) ?? []
  if (digits === undefined) return undefined
  const code = digits === '9003' ? 'SFC_IC0003' : String(Number(digits))
  return code !== '0' && texts.has(code) ? code : undefined
}
