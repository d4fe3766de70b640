import type { Provenance } from './error-codes.ts'

/** The APIs whose results have codes of their own. */
export type BusinessApi = 'b2c' | 'b2b' | 'reversal' | 'status' | 'balance' | 'b2b_express' | 'ratiba' | 'bonga'

/** One result code of an API other than STK push. */
export type BusinessResultCode = {
  code: string
  apis: readonly BusinessApi[]
  /** Safaricom's words. */
  description: string
  /** What it means, for a developer. */
  meaning: string
  provenance: Provenance
}

const INITIATED = ['b2c', 'b2b', 'reversal', 'status', 'balance'] as const
const PAYING = ['b2c', 'b2b', 'reversal'] as const

/**
 * What results of the other APIs say. One number means different things in different APIs (17 is a limit in an STK push and an
 * internal failure here), so look codes up with their API. Of two entries the first that names the API is right.
 */
export const BUSINESS_RESULT_CODES: readonly BusinessResultCode[] = [
  entry(
    '0',
    INITIATED,
    'The service request is processed successfully.',
    'Carried out. For status and balance: answered.',
    'observed',
  ),
  entry(
    '1',
    ['b2c'],
    'The balance is insufficient for the transaction.',
    'The Utility account that pays is short of money.',
    'observed',
  ),
  entry(
    '1',
    ['b2b'],
    'The balance is insufficient for the transaction.',
    'The Working account that pays is short of money.',
    'observed',
  ),
  entry(
    '1',
    ['reversal'],
    'The balance is insufficient for the transaction.',
    'The short code no longer holds what is to be given back.',
    'portal',
  ),
  entry(
    '2',
    ['b2c'],
    'Declined due to limit rule: less than the minimum transaction amount.',
    'Less than 10 shillings.',
    'observed',
  ),
  entry(
    '3',
    ['b2c'],
    'Declined due to limit rule: greater than the maximum transaction amount.',
    'More than 250,000 shillings.',
    'portal',
  ),
  entry(
    '4',
    ['b2c'],
    'Declined due to limit rule: would exceed daily transfer limit',
    'The limit of the day is reached.',
    'portal',
  ),
  entry(
    '8',
    ['b2c'],
    'Declined due to limit rule: would exceed the maximum balance.',
    "The receiver's wallet would hold more than 500,000 shillings.",
    'portal',
  ),
  entry('11', PAYING, 'The DebitParty is in an invalid state.', 'The account that pays is not active.', 'portal'),
  entry('15', ['balance'], 'Duplicate Detected', 'The same request came before.', 'portal'),
  entry('17', ['balance'], 'Internal Failure', 'Something failed at Safaricom. Ask again later.', 'portal'),
  entry(
    '18',
    ['balance'],
    'Initiator Credential Check Failure',
    'The initiator or the security credential is wrong.',
    'portal',
  ),
  entry('19', ['balance'], 'Message Sequencing Failure', 'Something failed at Safaricom. Ask again later.', 'portal'),
  entry('20', ['balance'], 'Unresolved Initiator', 'Safaricom does not know the initiator.', 'portal'),
  entry(
    '21',
    INITIATED,
    'The initiator is not allowed to initiate this request',
    'The API operator lacks the role for this; give it in the M-PESA organisation portal.',
    'observed',
  ),
  entry(
    '22',
    ['balance'],
    'Initiator to Receiver Party Permission Failure',
    'The initiator may not act on this receiver.',
    'portal',
  ),
  entry('24', ['balance'], 'Missing mandatory fields', 'A field is missing.', 'portal'),
  entry(
    '25',
    ['status'],
    'The format of parameter null is invalid.',
    'The receipt or id asked about has no valid form.',
    'observed',
  ),
  entry('25', ['balance'], 'InvalidRequestParameters', 'A field has no valid form.', 'portal'),
  entry('26', ['balance'], 'Traffic blocking condition in place', 'M-PESA is overloaded. Ask again later.', 'portal'),
  entry('29', ['balance'], 'InvalidCommand', 'The command is not one of this API.', 'portal'),
  entry(
    '2001',
    INITIATED,
    'The initiator information is invalid.',
    'The initiator, its password or the certificate is wrong. Passwords of API operators end after 90 days.',
    'portal',
  ),
  entry(
    '2006',
    ['b2c', 'reversal'],
    'Declined due to account rule: The account status does not allow this transaction.',
    'One of the two accounts is not active.',
    'portal',
  ),
  entry(
    '2028',
    ['b2c', 'reversal'],
    'The request is not permitted according to product assignment.',
    'The short code lacks the product that this API needs.',
    'portal',
  ),
  entry(
    '2040',
    ['b2c'],
    "Credit Party customer type can't be supported by the service.",
    'The receiver has no M-PESA account that takes this.',
    'portal',
  ),
  entry(
    '8006',
    INITIATED,
    'The security credential is locked',
    "The API operator's password is locked after wrong ones.",
    'portal',
  ),
  entry('R000001', ['reversal'], 'The transaction has already been reversed', 'The money went back before.', 'portal'),
  entry(
    'R000002',
    ['reversal'],
    'The OriginalTransactionID is invalid.',
    'No such receipt, or not one that can be reversed: only C2B and STK can.',
    'portal',
  ),
  entry('SFC_IC0003', ['b2c', 'status'], 'The operator does not exist.', 'The number of a party is wrong.', 'portal'),
  entry(
    'SFC_IC0003',
    ['b2b'],
    'Receiver party is invalid',
    'The receiver, or the type of its number, is wrong.',
    'observed',
  ),
  entry('TP40153', ['b2c'], '', 'The initiator has no permission, or is not of this organisation.', 'observed'),
  entry('100000000', ['balance'], 'Request was cached, waiting for resending', 'Not decided yet.', 'portal'),
  entry('100000001', ['balance'], 'The system is overload', 'M-PESA is overloaded. Ask again later.', 'portal'),
  entry('100000002', ['balance'], 'Throttling error', 'Too many requests. Ask again later.', 'portal'),
  entry('100000004', ['balance'], 'Internal Server Error', 'Something failed at Safaricom. Ask again later.', 'portal'),
  entry('100000005', ['balance'], 'Invalid input value', 'A field has no valid value.', 'portal'),
  entry(
    '100000007',
    ['balance'],
    "Service's status is abnormal",
    'Something failed at Safaricom. Ask again later.',
    'portal',
  ),
  entry(
    '100000009',
    ['balance'],
    "API's status is abnormal",
    'Something failed at Safaricom. Ask again later.',
    'portal',
  ),
  entry('100000010', ['balance'], 'Insufficient permissions', 'The API operator lacks the role for this.', 'portal'),
  entry(
    '100000011',
    ['balance'],
    'Exceed the limitation of request rate',
    'Too many requests. Ask again later.',
    'portal',
  ),
  entry('0', ['b2b_express'], 'The service request is processed successfully.', 'The merchant paid.', 'portal'),
  entry(
    '2001',
    ['b2b_express'],
    'The initiator information is invalid.',
    'The operator or the PIN was wrong.',
    'portal',
  ),
  entry('4001', ['b2b_express'], 'User cancelled transaction', 'The merchant cancelled.', 'portal'),
  entry('4102', ['b2b_express'], 'Merchant KYC Fail', "Safaricom's records of the merchant are incomplete.", 'portal'),
  entry(
    '4104',
    ['b2b_express'],
    'Missing Nominated Number',
    'The till has no phone that may approve payments.',
    'portal',
  ),
  entry('4201', ['b2b_express'], 'USSD Network Error', 'The prompt did not reach the phone. Ask again.', 'portal'),
  entry('4203', ['b2b_express'], 'USSD Exception Error', 'The prompt failed. Ask again.', 'portal'),
  entry('0', ['ratiba'], 'Standing order created successfully', 'The order stands.', 'portal'),
  entry('1001', ['ratiba'], 'Unable to lock subscriber', 'Another M-PESA session is open on the phone.', 'portal'),
  entry(
    '1025',
    ['ratiba'],
    'An error occurred while sending a push request.',
    'The prompt could not be sent.',
    'portal',
  ),
  entry('1032', ['ratiba'], 'Request cancelled by user', 'The payer cancelled.', 'portal'),
  entry('1037', ['ratiba'], 'DS timeout user cannot be reached', 'The phone did not answer.', 'portal'),
  entry('1050', ['ratiba'], 'User already has a standing order with the same name', 'Choose another name.', 'portal'),
  entry('1051', ['ratiba'], 'Bad request', 'A field has no valid value.', 'portal'),
  entry('2001', ['ratiba'], 'The initiator information is invalid.', 'The payer entered a wrong PIN.', 'portal'),
  entry('6000', ['bonga'], 'Success', 'Done.', 'portal'),
  entry('6001', ['bonga'], 'Fail', 'Not done.', 'portal'),
  entry('6004', ['bonga'], 'Server error', 'Something failed at Safaricom. Ask again later.', 'portal'),
  entry('6005', ['bonga'], 'Invalid credentials', 'The app may not use this API.', 'portal'),
  entry('6006', ['bonga'], 'Missing parts', 'A field is missing.', 'portal'),
  entry('6007', ['bonga'], 'CBS busy', 'Bonga is overloaded. Ask again later.', 'portal'),
  entry('6008', ['bonga'], 'STK busy', 'The prompt could not be sent. Ask again later.', 'portal'),
  entry('6009', ['bonga'], 'Broker busy', 'M-PESA is overloaded. Ask again later.', 'portal'),
  entry('6011', ['bonga'], 'Database', 'Something failed at Safaricom. Ask again later.', 'portal'),
  entry('17', ['bonga'], 'Rule limited.', 'The same amount from the same payer within two minutes.', 'portal'),
  entry('1031', ['bonga'], 'STK push timeout', 'No PIN was entered in time.', 'portal'),
  entry('1037', ['bonga'], 'DS timeout user cannot be reached.', 'The phone did not answer.', 'portal'),
  entry('2001', ['bonga'], 'The initiator information is invalid.', 'The payer entered a wrong PIN.', 'portal'),
]

/**
 * What a result code of an API other than STK push means; `undefined` for one that Safaricom does not document. Pochi uses `b2c`;
 * top-up and tax use `b2b`.
 *
 * @example describeBusinessResult('reversal', 'R000001')?.meaning
 */
export function describeBusinessResult(api: BusinessApi, code: string | number): BusinessResultCode | undefined {
  return BUSINESS_RESULT_CODES.find((known) => known.code === String(code) && known.apis.includes(api))
}

function entry(
  code: string,
  apis: readonly BusinessApi[],
  description: string,
  meaning: string,
  provenance: Provenance,
): BusinessResultCode {
  return { code, apis, description, meaning, provenance }
}
