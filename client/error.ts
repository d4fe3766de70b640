/** What is wrong with one line of a batch. */
export type LineFault = { line: number; param: string | null; message: string }

/** What a LangoError knows beside its code and its sentence. */
export type LangoErrorFacts = {
  status?: number
  param?: string | null
  request_id?: string | null
  docs_url?: string | null
  idempotency_key?: string
  retry_after_s?: number
  details?: Record<string, string>
  lines?: LineFault[]
  cause?: unknown
}

/**
 * Anything that this package throws. `code` is Lango's own (such as `duplicate_payment` or `invalid_phone`; all are listed at
 * `/docs/errors` of your installation), or one of this package:
 * - `no_answer`: nothing came back, so that nobody knows whether the request was carried out. Repeat it with the same
 *   `idempotency_key`, or look at the list;
 * - `unreadable_answer`: what came back is not Lango's, so that the `url` is wrong or something stands in between;
 * - `invalid_options`, and those of `verifyWebhook`: `raw_body_needed`, `secret_malformed`, `signature_missing`,
 *   `timestamp_out_of_range`, `signature_wrong`.
 *
 * A payer who cancels or has no money is no error: that is a payment with `status: 'failed'`.
 */
export class LangoError extends Error {
  readonly code: string
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined
  /** The field or parameter concerned. */
  readonly param: string | null
  /** Finds the request in Lango's log. */
  readonly request_id: string | null
  readonly docs_url: string | null
  /** The key that the request carried, with which it may be repeated safely. */
  readonly idempotency_key: string | undefined
  /** After how many seconds to ask again, where Lango said so. */
  readonly retry_after_s: number | undefined
  /** More that a program can use, such as the `payment_id` of the first of two payments. */
  readonly details: Record<string, string>
  /** Of a batch that was not taken: what is wrong with which line. */
  readonly lines: LineFault[]

  constructor(code: string, message: string, facts: LangoErrorFacts = {}) {
    super(message, { cause: facts.cause })
    this.name = 'LangoError'
    this.code = code
    this.status = facts.status
    this.param = facts.param ?? null
    this.request_id = facts.request_id ?? null
    this.docs_url = facts.docs_url ?? null
    this.idempotency_key = facts.idempotency_key
    this.retry_after_s = facts.retry_after_s
    this.details = facts.details ?? {}
    this.lines = facts.lines ?? []
  }
}
