/** Where a fact is known from: Safaricom's documentation, live traffic that was recorded, or reports of users. */
export type Provenance = 'portal' | 'observed' | 'reported'

/** One way in which Daraja refuses a request at once, in `{requestId, errorCode, errorMessage}`. */
export type ErrorCode = {
  code: string
  /** The HTTP status it comes with; `undefined` where none is documented. */
  status: number | undefined
  /** How the message begins or what it contains; the first is the usual wording. Empty: any other message. */
  messages: readonly string[]
  apis: string
  /** What a developer can do. */
  advice: string
  /** Whether the code proves that nothing was carried out, although the HTTP status is 5xx. */
  provesRefusal: boolean
  provenance: Provenance
}

const TOKEN_ADVICE =
  'The access token was refused. A fresh one is tried by itself; if that is refused too, the app lacks the product of this API on the portal, or the keys belong to the other environment.'
const BUSY_ADVICE =
  'Safaricom limits how many requests an app may make. Nothing was carried out: ask again after a pause.'
const PATH_ADVICE = 'No such API at this address. Check the base URL.'

/**
 * The codes with which Daraja refuses, with their wordings. Of several entries with one code the first whose message fits
 * is the right one. Safaricom publishes no complete list, so expect others.
 */
export const ERROR_CODES: readonly ErrorCode[] = [
  entry(
    '400.001',
    400,
    ['Invalid ShortCode'],
    'Pull',
    'This short code is not the one that the app went live with.',
    'portal',
  ),
  entry(
    '400.002.02',
    400,
    ['Bad Request - Invalid'],
    'STK push and query, B2C, B2B, balance, reversal',
    'The message names the first field that Daraja does not like. "Invalid Remarks" on an STK push means that TransactionDesc is missing.',
    'observed',
  ),
  entry(
    '400.002.05',
    400,
    ['Invalid Request Payload'],
    'most',
    'The body is no JSON that this API understands.',
    'portal',
  ),
  entry('400.003.01', 400, ['Invalid Access Token'], 'C2B, QR, STK query, status, top-up', TOKEN_ADVICE, 'portal'),
  entry(
    '400.003.02',
    400,
    ['Bad Request'],
    'C2B, status, top-up',
    'A URL with a word that Safaricom forbids is answered so.',
    'portal',
  ),
  entry(
    '400.008.01',
    400,
    ['Invalid Authentication passed', 'Invalid authentication type passed'],
    'OAuth',
    'The consumer key and secret were not understood.',
    'portal',
  ),
  entry(
    '400.008.02',
    400,
    ['Invalid grant type passed'],
    'OAuth',
    'Only grant_type=client_credentials exists.',
    'portal',
  ),
  entry('401', 401, ['Unauthorized'], 'Bill Manager, IMSI, SWAP, IoT', TOKEN_ADVICE, 'observed'),
  entry('401.001', 401, ['Invalid Access Token'], 'Pull, organisation info, Hakikisha', TOKEN_ADVICE, 'portal'),
  entry(
    '401.002.01',
    401,
    ['Error Occurred - Invalid Access Token'],
    'B2C, B2B, balance, status, reversal',
    TOKEN_ADVICE,
    'portal',
  ),
  entry(
    '401.003.01',
    401,
    ['Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found'],
    'C2B, B2C',
    'The app lacks the product of this API, or has its other version (C2B v1 against v2). Tick it on the portal; in the sandbox an app needs both "Lipa Na M-Pesa Sandbox" and "M-Pesa Sandbox".',
    'observed',
  ),
  entry('404.001.01', 404, ['Resource not found'], 'STK push, reversal', PATH_ADVICE, 'portal'),
  entry('404.002.01', 404, ['Resource not found'], 'balance', PATH_ADVICE, 'portal'),
  entry('404.003.01', 404, ['Resource not found'], 'C2B, status, top-up', PATH_ADVICE, 'portal'),
  entry('404.001.03', 404, ['Invalid Access Token'], 'STK push, reversal', TOKEN_ADVICE, 'portal'),
  entry(
    '404.001.04',
    404,
    ['Invalid Authentication Header', 'Invalid Authenticator Header'],
    'most',
    'The wrong HTTP verb is answered so, too.',
    'portal',
  ),
  entry('405.001', 405, ['Method Not Allowed'], 'STK push, balance', 'Every API but OAuth takes POST.', 'portal'),
  refusal(
    '500.001.1001',
    ['Merchant does not exist'],
    'STK push',
    'Safaricom does not know this short code. A till is pushed to with the store number as short code, and the till number beside it.',
    'observed',
  ),
  refusal(
    '500.001.1001',
    ['Wrong credentials', '[MerchantValidate] - Wrong credentials'],
    'STK push',
    'The passkey does not belong to the short code, or to this environment.',
    'observed',
  ),
  refusal(
    '500.001.1001',
    ['Unable to lock subscriber'],
    'STK push',
    'Another prompt is open on this phone. Wait a minute before asking again.',
    'observed',
  ),
  entry(
    '500.001.1001',
    500,
    ['The transaction is being processed'],
    'STK query',
    'The payer has not answered yet. It says nothing about the payment: ask again later.',
    'observed',
  ),
  entry(
    '500.001.1001',
    500,
    ['The transaction does not Exist', 'This transaction does not exist'],
    'STK query',
    'Also sent for payments that exist. It says nothing: ask again later.',
    'observed',
  ),
  entry(
    '500.001.1001',
    500,
    [],
    'STK push and query, reversal',
    'Sent at random, too. It says nothing about the payment.',
    'observed',
  ),
  refusal(
    '500.002.1001',
    ['Duplicate OriginatorConversationID'],
    'B2C, Pochi, balance',
    'A request with this OriginatorConversationID came before, which is evidence that the first one arrived.',
    'portal',
  ),
  refusal('500.003.02', ['Error Occurred: Spike Arrest Violation', 'System is busy'], 'all', BUSY_ADVICE, 'portal'),
  refusal('500.003.03', ['Quota Violation'], 'all', BUSY_ADVICE, 'portal'),
  entry(
    '500.003.1001',
    500,
    ['Urls are already registered'],
    'C2B register',
    'In production URLs are registered once; delete them in the M-PESA organisation portal first.',
    'portal',
  ),
  entry(
    '500.003.1001',
    500,
    ['Duplicate notification info'],
    'C2B register',
    'An aggregator has registered URLs for this short code; ask it, or apisupport@safaricom.co.ke, to remove them.',
    'observed',
  ),
  entry(
    '500.003.1001',
    500,
    ['Service is currently unreachable'],
    'C2B',
    'Common in the sandbox: ask again later.',
    'observed',
  ),
  entry('500.003.1001', 500, [], 'all', 'Something failed at Safaricom.', 'portal'),
  entry('500', 500, ['Failed to retrieve transactions'], 'Pull', 'Ask again later.', 'portal'),
  entry('00.002.1001', undefined, ['Service is currently under maintenance'], 'balance', 'Ask again later.', 'portal'),
]

/** Finds what a code means, together with its message, since one code has several meanings. `undefined` if it is not known. */
export function describeError(code: string, message = ''): ErrorCode | undefined {
  const entries = ERROR_CODES.filter((candidate) => candidate.code === code)
  const words = message.toLowerCase()
  const fitting = entries.find(({ messages }) => messages.some((known) => words.includes(known.toLowerCase())))
  // A code with one meaning keeps it whatever the words; one with several falls to its entry for other messages.
  return (
    fitting ?? entries.find(({ messages }) => messages.length === 0) ?? (entries.length === 1 ? entries[0] : undefined)
  )
}

function entry(
  code: string,
  status: number | undefined,
  messages: readonly string[],
  apis: string,
  advice: string,
  provenance: Provenance,
): ErrorCode {
  return { code, status, messages, apis, advice, provesRefusal: false, provenance }
}

function refusal(
  code: string,
  messages: readonly string[],
  apis: string,
  advice: string,
  provenance: Provenance,
): ErrorCode {
  return { code, status: 500, messages, apis, advice, provesRefusal: true, provenance }
}
