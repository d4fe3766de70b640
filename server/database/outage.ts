/** Classes of SQLSTATE that mean: cut off, out of room, going down or not up yet, its disk fails; 25006 is a standby after a failover. */
const awayStates = /^(08|53|57|58|25006)/

const awayCodes = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED ETIMEDOUT EPIPE EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN ENOENT EADDRNOTAVAIL'.split(
    ' ',
  ),
)

/** What the driver says when there is nobody to talk to. */
const awayWords = /timeout|connection terminated|not queryable|after calling end on the pool/i

/**
 * True when the database could not be asked: nobody knows whether the statement was carried out, and the same one may
 * succeed later. False when PostgreSQL answered and said no to it, and for a bug of ours.
 */
export function isAway(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (isSqlState(code)) return awayStates.test(code)
  return awayCodes.has(code ?? '') || awayWords.test(message ?? '')
}

/** True when PostgreSQL answered, and said no to this very statement. */
export function isRefusal(error: unknown): boolean {
  return isSqlState((error as { code?: string }).code) && !isAway(error)
}

// No SQLSTATE begins with E, and the codes of the operating system do: EPIPE has five letters too.
function isSqlState(code: string | undefined): code is string {
  return /^(?!E)[0-9A-Z]{5}$/.test(code ?? '')
}
