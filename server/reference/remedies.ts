import type { ProblemCode } from '../problem.ts'

/** What to do about each error, beyond what its message says of the case at hand. */
export const remedies: Record<ProblemCode, string> = {
  malformed_json:
    'Send one JSON object with Content-Type: application/json. In a shell, put single quotes around the body.',
  invalid_request: 'param names the field or parameter. Its form stands in the reference at /docs.',
  invalid_amount: 'Shillings, as a number or a decimal string: 100 or "100.00". M-Pesa takes 1 to 250,000 at once.',
  amount_not_whole: 'Round to whole shillings before you ask, the way that your prices say.',
  invalid_phone: 'Any usual form will do: 0712345678, 712345678, +254 712 345 678.',
  invalid_reference: 'Letters, digits and few signs, as short as the message says: it is what the payer reads.',
  invalid_batch:
    'lines in the error says what is wrong with which line. Nothing was sent: mend them, and send the batch again.',
  invalid_cursor: 'Take next_cursor from meta as it came, and send it with the same filters.',
  unauthorized: 'Send the header X-API-Key: sk_…, or Authorization: Bearer sk_…. Keys are made with lango keys create.',
  forbidden: 'Make a key with the scope that the message names. A live account needs a live key, sk_live_….',
  owner_required:
    'Sign in to the dashboard as an owner and do it there, or run the command that the message names on the machine on which Lango runs.',
  password_required: 'Type the password in the dashboard; it counts for ten minutes. No key meets this.',
  second_person_required:
    'Approve with the key of another person. A key that a key made belongs to the same person; lango keys create makes one of a new person.',
  not_found: 'Compare the id, whole, and the mode of the key: a test key sees nothing of live payments.',
  method_not_allowed: 'The header Allow says what the path takes.',
  idempotency_in_progress:
    'Wait a second, and send the same request with the same key again: you get the answer of the first.',
  duplicate_payment:
    'The payer may have pressed twice. payment_id in the error is the first; show that one. For a second payment on purpose send an Idempotency-Key of its own.',
  duplicate_payout:
    'payout_id in the error is the first. For a second one on purpose send an Idempotency-Key of its own.',
  duplicate_external_reference:
    'payment_id or payout_id in the error is the other. An order can be paid again once its payment has failed; until then show that payment.',
  duplicate_reference:
    'invoice_id in the error is the other. Give the new one another reference, or leave it out and get one of ours.',
  receipt_awaited: 'Nothing to do but wait: the code comes by a check, by Pull or by a statement. Ask again later.',
  not_refundable: 'The message says why: not paid, reversed already, or not by M-Pesa.',
  refund_exceeds_received: 'Refund at most what is left: received less refunded and less what is on its way back.',
  already_assigned: 'payment_id in the error is the payment that has it.',
  conflict: 'Read the object again, and act on what it now is.',
  body_too_large: 'Send less at once: split a statement or a batch.',
  idempotency_key_reused: 'One key for one request: make a new one for another body.',
  provider_not_configured: 'Set the account: PUT /v1/merchant/providers/mpesa, or lango merchants provider.',
  operator_required:
    'Make an API operator in the M-PESA organisation portal, and set initiator and security_credential: refunds, payouts, balances and statuses of receipts need one.',
  not_supported: 'Another provider may be able to. The message says what this one can do.',
  provider_refused: "The message has Safaricom's words. Look its code up below.",
  not_supported_in_environment:
    'The message names the environment that can. A live account needs PUBLIC_URL to be an https address of the Internet.',
  payouts_disabled: 'On the machine itself: lango payouts enable.',
  payout_limit_exceeded:
    'Wait for the next day in Nairobi, or have the limit raised on the machine itself: lango payouts enable.',
  check_too_soon: 'Read the payment: checks are made by themselves, and webhooks tell of the end.',
  too_many_requests:
    'Wait, as long as the message or the header Retry-After says. After wrong keys, mend the key first.',
  provider_unavailable:
    'Nothing was carried out, or nobody knows: the message says which. Send the same request with the same Idempotency-Key again.',
  unavailable:
    'Send the same request with the same Idempotency-Key again in a few seconds. Callbacks are kept meanwhile.',
  internal:
    'A bug. The log has the whole error under request_id; send the request again with the same Idempotency-Key.',
}
