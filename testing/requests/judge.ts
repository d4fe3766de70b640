/** A validator, a parser, a driver or a runtime speaks like this; we do not. */
const notOurs =
  /invalid input|expected \w+|, received|\bNaN\b|undefined|\[object|too (big|small)|unrecogni[sz]ed|zod|JSON at position|Unexpected token|violates|syntax|relation "|sendAnyway|ECONN|fetch failed/i

/** A callback's token, or the better part of one. No id of ours is as long. */
const token = /[0-9a-f]{48}/

/** What is wrong with the message of a failure: it is a whole sentence of ours, and tells no secret. Undefined for a good one. */
export function complaintOfMessage(message: unknown): string | undefined {
  if (typeof message !== 'string') return 'there is no message'
  if (!/^["/A-Z].*(?:[.!?)]|: lango [^.]*)$/s.test(message)) return 'the message is no sentence'
  if (token.test(message)) return 'the message holds a token'
  // What the caller wrote is quoted, and may be anything.
  const own = message.replace(/"[^"]*"/g, '""')
  return notOurs.test(own) ? `the message speaks like somebody else: ${notOurs.exec(own)![0]}` : undefined
}
