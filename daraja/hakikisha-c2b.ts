import { asText, readBody } from './core/json.ts'

/**
 * C2B Hakikisha is asked by Safaricom and answered by you: before a customer pays, it asks to whom an account belongs. Safaricom
 * first fetches a token from your `POST /auth/v1/generate`, with Basic authentication, then posts to your
 * `POST /c2b_hakikisha/v1/notify` with that token.
 */
export type HakikishaC2bQuestion = {
  requestId: string
  timestamp: string | undefined
  accountNumber: string
  shortcode: string | undefined
}

/** Reads the question. `undefined` for what is none: answer that with `refuseHakikisha` and status 422. */
export function parseHakikishaC2b(body: unknown): HakikishaC2bQuestion | undefined {
  const question = readBody(body)
  const requestId = asText(question?.['requestId'])
  const accountNumber = asText(question?.['accountNumber'])
  if (!requestId || !accountNumber) return undefined
  return {
    requestId,
    timestamp: asText(question?.['timestamp']),
    accountNumber,
    shortcode: asText(question?.['shortcode']),
  }
}

/**
 * The answer that names the account.
 *
 * @example Response.json(answerHakikisha(question, 'Money Market Account', new Date()))
 */
export function answerHakikisha(question: HakikishaC2bQuestion, accountName: string, now: Date) {
  const { requestId, accountNumber, shortcode } = question
  return { requestId, timestamp: Math.floor(now.getTime() / 1000), accountName, accountNumber, shortcode }
}

const REFUSALS = {
  unknown_account: { status: 400, errorMessage: 'Invalid account number' },
  bad_token: { status: 401, errorMessage: 'Invalid access token' },
  malformed: { status: 422, errorMessage: 'Missing or malformed required fields in the request.' },
} as const

/** The HTTP status and body that refuse a question. */
export function refuseHakikisha(requestId: string, reason: keyof typeof REFUSALS) {
  const { status, errorMessage } = REFUSALS[reason]
  return { status, body: { requestId, errorMessage } }
}

/** The answer to Safaricom's request for a token; without one, answer status 401 with `refuseHakikishaToken`. */
export function grantHakikishaToken(token: string, lifeSeconds = 3599) {
  return { access_token: token, expires_in: lifeSeconds }
}

/** The body that refuses a token, with status 400 or 401. */
export function refuseHakikishaToken(message: string) {
  return { error: 'unauthorized', errorMessage: message }
}
