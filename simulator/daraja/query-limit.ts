import type { World } from '../world.ts'
import { refused } from './judgements.ts'
import { answer } from './reply.ts'
import type { Reply } from './reply.ts'
import { consumerKeyOf } from './tokens.ts'

const countMax = 5
const withinMs = 60_000

const asked = (world: World) => world.memory.collection<{ at: number[] }>('stk-queries')

/** Counts an app's query, and refuses the sixth within a minute where the setting says so, as Apigee's policy does. */
export function refuseQuery(world: World, headers: Headers): Reply | undefined {
  if (world.settings.query_limit === 'none') return undefined
  const app = consumerKeyOf(world, headers)
  const now = world.clock.now().getTime()
  const at = (asked(world).get(app)?.at ?? []).filter((time) => time > now - withinMs)
  const isOver = at.length >= countMax
  if (!isOver) at.push(now)
  asked(world).set(app, { at })
  return isOver ? answer(429, spikeArrest, refused('queryLimit')) : undefined
}

const spikeArrest = {
  fault: {
    faultstring: `Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=${countMax}, periodInMicroseconds=${withinMs * 1000}, maxBurstMessageCount=1.0}`,
    detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
  },
}
