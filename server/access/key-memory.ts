import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { authenticate, someKeyEnded } from './key.ts'
import type { KeyCaller } from './key.ts'

const rememberedMs = 5_000
const keysMax = 10_000

/**
 * Finds who a key belongs to, as `authenticate` does, and knows it for the next five seconds: a merchant who makes many payments shows
 * the same key with each. A key that is revoked at this node is refused at once, and at others within these five seconds.
 * The keys themselves are not kept, only their hashes.
 */
export function rememberKeys(context: Context): (key: string | undefined) => Promise<KeyCaller> {
  const known = new Map<string, { caller: KeyCaller; at: number }>()
  let ended = 0
  context.signals.onChange(someKeyEnded, () => {
    ended++
    known.clear()
  })
  return async (key) => {
    const name = createHash('sha256')
      .update(key ?? '')
      .digest('base64')
    const at = context.clock.now().getTime()
    const remembered = known.get(name)
    // A clock that was set back makes nothing younger.
    if (remembered && at >= remembered.at && at < remembered.at + rememberedMs) return remembered.caller
    known.delete(name)
    const endedBefore = ended
    const caller = await authenticate(context, key)
    if (known.size >= keysMax) known.clear()
    // What was revoked while it was looked for may have been found all the same.
    if (ended === endedBefore) known.set(name, { caller, at })
    return caller
  }
}
