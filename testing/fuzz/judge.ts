import type { Generated } from '../requests/generate.ts'
import { complaintOfMessage } from '../requests/judge.ts'
import type { Answer } from './send.ts'

const answerMsMax = 1_000
/** Where providers are answered, in their own words. */
const providers = /\/(in|webhooks\/mpesa)(\/|$)/i
const secret = /[0-9a-f]{48}/

/** Statements are large, and read one after the other: they alone may take longer. */
export function isUpload({ path }: Generated): boolean {
  return path.includes('reconciliation/statements')
}

/** True for an answer that came too late, or said that the database, which has its machine not to itself, does not answer. */
export function isLate(request: Generated, { ms, status }: Answer): boolean {
  return (ms > answerMsMax && !isUpload(request)) || status === 503
}

/** What is wrong with an answer, if anything. */
export function complaintOf({ method, path: asked, headers }: Generated, answer: Answer): string | undefined {
  const { status, type, text } = answer
  // `/v1/%2e%2e/receipts` is `/receipts` to whoever reads addresses as browsers and servers do.
  const path = URL.parse(asked, 'http://localhost')?.pathname ?? asked
  if (status >= 500) return `answered ${status}`
  if (status < 400 || method === 'HEAD') return undefined
  if (secret.test(text)) return 'a failure shows a token'
  if (type.startsWith('text/html')) {
    const isForReading = !path.startsWith('/v1') || /html/.test(headers['Accept'] ?? '')
    if (!isForReading) return 'a program is answered by a page'
    const shown = text.replace(/<(script|style)[\s>].*?<\/\1>/gs, '')
    return /\bNaN\b|undefined|\[object/.test(shown) ? 'a page shows what nobody wrote' : undefined
  }
  return complaintOfJson(text, providers.test(path))
}

function complaintOfJson(text: string, isForProvider: boolean): string | undefined {
  let body: any
  try {
    body = JSON.parse(text)
  } catch {
    return 'the failure is no JSON'
  }
  if (isForProvider && (typeof body?.ResultCode === 'number' || typeof body?.success === 'string')) return undefined
  const { code, message, param, request_id, docs_url } = body?.error ?? {}
  if (body?.success !== false || typeof code !== 'string' || param === undefined)
    return 'the failure is not in our envelope'
  if (typeof request_id !== 'string' || !/^(https?:|\/docs)/.test(docs_url))
    return 'the failure lacks its id or its page'
  return complaintOfMessage(message)
}

/** What is wrong with what comes back for bytes that are no HTTP: it may be nothing, and is else an answer like every other. */
export function complaintOfBytes(answer: string): string | undefined {
  if (answer === '') return undefined
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(answer) ?? []
  if (!status) return 'the answer is no HTTP'
  if (Number(status) < 400) return undefined
  if (Number(status) >= 500) return `answered ${status}`
  const [text = ''] = /\{.*\}/s.exec(answer) ?? []
  return /^content-type: text\/html/im.test(answer) ? undefined : complaintOfJson(text, true)
}
