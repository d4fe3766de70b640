import { readTimestamp } from '../nairobi.ts'
import type { Organisation } from '../organisation.ts'
import type { World } from '../world.ts'

const driftMsMax = 10 * 60_000

/** Whether a password is other than base64 of short code, passkey and timestamp. */
export const passwordProblem = ({ shortcode, passkey }: Organisation, password: string, timestamp: string): boolean =>
  password !== Buffer.from(shortcode + passkey + timestamp).toString('base64')

/** Says, as the rest of a sentence, that a timestamp is far from the time in Nairobi. Whether Safaricom minds is disputed. */
export function timestampProblem({ clock }: World, timestamp: string): string | undefined {
  const at = readTimestamp(timestamp)
  const driftMs = at === undefined ? 0 : at.getTime() - clock.now().getTime()
  if (Math.abs(driftMs) <= driftMsMax) return undefined
  const minutes = Math.round(Math.abs(driftMs) / 60_000)
  return `is ${minutes} minutes ${driftMs < 0 ? 'behind' : 'ahead of'} the time in Nairobi, UTC+3`
}
