import { LangoError } from './error.ts'
import type { LineFault } from './error.ts'

/** What stands beside a list: whether there is more, and where it begins. */
export type Meta = { has_more?: boolean; next_cursor?: string | null }

type Failure = {
  code: string
  message: string
  param: string | null
  request_id: string
  docs_url: string
  lines?: LineFault[]
} & Record<string, unknown>

type Answer = { success: true; data: unknown; meta?: Meta } | { success: false; error: Failure }

type Received = { base: string; response: Response; text: string; idempotencyKey: string | undefined }

/** Reads what Lango answered. @throws LangoError for a failure, or for what is not Lango's. */
export function readAnswer<Data>({ base, response, text, idempotencyKey }: Received): { data: Data; meta: Meta } {
  const { status, headers } = response
  const answer = parse(text)
  if (!answer) {
    const leadsTo = headers.get('Location')
    const message = leadsTo
      ? `${base} answered ${status} and leads to ${leadsTo}, which was not followed. Give the address that Lango itself has.`
      : `${base} answered ${status} with something that is not Lango's. Is the url right, and nothing in between?`
    throw new LangoError('unreadable_answer', message, { status, idempotency_key: idempotencyKey })
  }
  if (answer.success) return { data: answer.data as Data, meta: answer.meta ?? {} }
  const { code, message, param, request_id, docs_url, lines, ...details } = answer.error
  throw new LangoError(code, message, {
    status,
    param,
    request_id,
    docs_url: docs_url && new URL(docs_url, base).href,
    idempotency_key: idempotencyKey,
    retry_after_s: Number(headers.get('Retry-After')) || undefined,
    lines,
    details: Object.fromEntries(
      Object.entries(details).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  })
}

function parse(text: string): Answer | undefined {
  try {
    const value = JSON.parse(text) as Partial<Answer> | null
    return typeof value === 'object' && typeof value?.success === 'boolean' ? (value as Answer) : undefined
  } catch {
    return undefined
  }
}
