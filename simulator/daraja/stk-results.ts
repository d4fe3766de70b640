/** How an STK payment can end. The callback and the query word some results differently. */
const results = new Map(
  Object.entries<{ callback: string; query?: string }>({
    '0': { callback: 'The service request is processed successfully.' },
    '1': { callback: 'The balance is insufficient for the transaction.' },
    '2': { callback: 'Declined due to limit rule.' },
    '3': { callback: 'Declined due to limit rule: greater than the maximum transaction amount.' },
    '4': { callback: 'Declined due to limit rule: would exceed daily transfer limit.' },
    '8': { callback: 'Declined due to limit rule: would exceed the maximum balance.' },
    '17': { callback: 'Rule limited.' },
    '26': { callback: 'System busy. Traffic blocking condition in place.' },
    '1001': { callback: 'Unable to lock subscriber, a transaction is already in process for the current subscriber' },
    '1019': { callback: 'Transaction has expired' },
    '1025': { callback: 'An error occurred while sending a push request.' },
    '1031': { callback: 'Request cancelled' },
    '1032': { callback: 'Request cancelled by user', query: 'Request Cancelled by user.' },
    '1036': { callback: 'SMSC ACK timeout' },
    '1037': { callback: 'No response from user.', query: 'DS timeout user cannot be reached.' },
    '2001': { callback: 'The initiator information is invalid.' },
    '2006': { callback: 'Declined due to account rule: The account status does not allow this transaction.' },
    '2028': { callback: 'The request is not permitted according to product assignment.' },
    '8006': { callback: 'The security credential is locked.' },
    '9999': { callback: 'An error occurred while sending a push request' },
    E3008: { callback: 'Error, the user has a bad debt contract.' },
    SFC_IC0003: { callback: 'The operator does not exist.' },
  }),
)

/** The query's own "not yet". */
export const stillProcessing = '4999'

export const callbackText = (code: string): string => results.get(code)?.callback ?? ''
export const queryText = (code: string): string => results.get(code)?.query ?? callbackText(code)

/** A number where the code is one, as in callbacks. */
export const codeAsSent = (code: string): number | string => (/^\d+$/.test(code) ? Number(code) : code)

/** Result codes that are words, with the digits that stand for them in a magic number. */
const wordsByDigits: [digits: string, word: string][] = [
  ['3008', 'E3008'],
  ['9003', 'SFC_IC0003'],
]

/**
 * What the phone `25470000NNNN` makes of any push: it ends with result code NNNN. Two codes are words and have a number
 * of their own; 4999 never ends.
 */
export function magicResult(msisdn: string): string | undefined {
  const [, digits] = /^25470000(\d{4})$/.exec(msisdn) ?? []
  if (digits === undefined) return undefined
  const code = new Map(wordsByDigits).get(digits) ?? String(Number(digits))
  return code !== '0' && (results.has(code) || code === stillProcessing) ? code : undefined
}

/** Every magic number, with the result that each push to it ends with. */
export function magicNumbers(): { msisdn: string; code: string; text: string }[] {
  const digitsOf = (code: string) => wordsByDigits.find(([, word]) => word === code)?.[0] ?? code.padStart(4, '0')
  return [...results.keys().filter((code) => code !== '0'), stillProcessing].map((code) => ({
    msisdn: `25470000${digitsOf(code)}`,
    code,
    text: callbackText(code),
  }))
}
