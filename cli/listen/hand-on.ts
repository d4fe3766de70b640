import type { WaitingDelivery } from '@lango/client'

/** How the address took an event; or that nobody was there, so that it saw nothing of it. */
export type HandedOn =
  | { kind: 'answered'; status: number; response: string; durationMs: number }
  | { kind: 'failed'; error: string; durationMs: number }
  | { kind: 'away'; reason: string }

/** As long as Lango waits for an endpoint. */
const answersWithinMs = 15_000
const responseLengthMax = 1_000

/** Posts an event to an address of this machine, as Lango would. Never rejects. */
export async function handOn(url: string, { headers, body }: WaitingDelivery): Promise<HandedOn> {
  const startedAt = process.uptime()
  const lasted = () => Math.round((process.uptime() - startedAt) * 1000)
  const signal = AbortSignal.timeout(answersWithinMs)
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    const text = await response.text().catch(() => '')
    return {
      kind: 'answered',
      status: response.status,
      response: text.slice(0, responseLengthMax),
      durationMs: lasted(),
    }
  } catch (error) {
    if (signal.aborted) return { kind: 'failed', error: 'No answer within 15 seconds.', durationMs: lasted() }
    const reason = awayBecause(error)
    if (reason) return { kind: 'away', reason }
    return {
      kind: 'failed',
      error: `The connection broke before an answer came (${wordOf(error)}).`,
      durationMs: lasted(),
    }
  }
}

const reasons = new Map(
  Object.entries<string>({
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'no such name',
    EAI_AGAIN: 'its name cannot be asked for',
    EHOSTUNREACH: 'no way leads there',
    ENETUNREACH: 'no way leads there',
    UND_ERR_CONNECT_TIMEOUT: 'it takes no connection',
  }),
)

/** Why nothing can have been sent; undefined when something may have been. */
function awayBecause(error: unknown): string | undefined {
  return reasons.get(codeOf(error) ?? '')
}

function wordOf(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error))
}

function codeOf(error: unknown): string | undefined {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code
}
