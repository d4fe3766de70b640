import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Every error that a caller can see: its status and its general sentence. The reference page is made from this table. */
export const problems = {
  malformed_json: [400, 'The body is not JSON.'],
  invalid_request: [400, 'A field or parameter is missing, unknown or of the wrong form.'],
  invalid_amount: [400, 'The amount is not one that this provider takes.'],
  amount_not_whole: [400, 'M-Pesa takes whole shillings only.'],
  invalid_phone: [400, 'Not a Kenyan mobile number.'],
  invalid_reference: [400, 'The account reference is not one that M-Pesa can show.'],
  invalid_batch: [400, 'Some lines of the batch cannot be sent.'],
  invalid_cursor: [400, 'The cursor is not one that a list gave.'],
  unauthorized: [401, 'The API key is missing or wrong.'],
  forbidden: [403, 'The API key lacks the scope for this, or the role of whoever is signed in.'],
  owner_required: [
    403,
    'Only an owner who shows their password in the dashboard can do this, or whoever runs the machine.',
  ],
  password_required: [403, 'Whoever is signed in must type their password again for this.'],
  second_person_required: [403, 'Somebody else must approve this than who asked for it.'],
  not_found: [404, 'There is no such object, or it is not yours.'],
  method_not_allowed: [405, 'This path does not take this method.'],
  idempotency_in_progress: [409, 'The first request with this idempotency key is still running.'],
  duplicate_payment: [409, 'The same payment was asked for less than 60 seconds ago.'],
  duplicate_payout: [409, 'The same payout was asked for less than 60 seconds ago.'],
  duplicate_external_reference: [409, 'Another payment has this external reference.'],
  duplicate_reference: [409, 'Another invoice has this reference.'],
  receipt_awaited: [409, 'The payment is completed, but its M-Pesa code is not known yet.'],
  not_refundable: [409, 'This payment cannot be refunded.'],
  refund_exceeds_received: [409, 'More would be refunded than was received.'],
  already_assigned: [409, 'This money already belongs to a payment.'],
  conflict: [409, 'The object is not in a state that allows this.'],
  body_too_large: [413, 'The body is larger than 1 MB.'],
  idempotency_key_reused: [422, 'This idempotency key came before, with another body.'],
  provider_not_configured: [422, 'The merchant has no account with this provider.'],
  operator_required: [422, 'This needs an API operator of the M-PESA organisation portal.'],
  not_supported: [422, 'The provider cannot do this.'],
  provider_refused: [422, 'The provider refused the request.'],
  not_supported_in_environment: [422, 'This environment cannot do this.'],
  payouts_disabled: [422, 'Payouts are not enabled for this merchant.'],
  payout_limit_exceeded: [422, 'The daily limit of payouts would be exceeded.'],
  check_too_soon: [429, 'This payment was checked less than 10 seconds ago.'],
  too_many_requests: [429, 'Too many requests from this address.'],
  provider_unavailable: [503, 'The provider did not answer.'],
  unavailable: [503, 'The database cannot be reached at the moment.'],
  internal: [500, 'Something went wrong on our side.'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>

export type ProblemCode = keyof typeof problems

/** What is wrong, as anybody may read it; and what a program does about it, which is nothing for a page. */
export type Worded = { said: string; byApi: string }

/** The caller's mistake, or a state that forbids what they asked: thrown by a verb, shown by the API and the pages. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: ContentfulStatusCode
  readonly param: string | undefined
  readonly details: Record<string, unknown> | undefined
  /** The message without what only a program can do: as a page shows it. */
  readonly said: string

  /**
   * @param message one or two sentences: what was wrong, and what to do; what only the API can do stands apart
   * @param param the field or parameter concerned
   * @param details more that a program can use, such as the id of the first payment
   */
  constructor(code: ProblemCode, message?: string | Worded, param?: string, details?: Record<string, unknown>) {
    const { said, byApi } = typeof message === 'object' ? message : { said: message ?? problems[code][1], byApi: '' }
    super(byApi ? `${said} ${byApi}` : said)
    this.said = said
    this.code = code
    this.status = problems[code][0]
    this.param = param
    this.details = details
  }
}
