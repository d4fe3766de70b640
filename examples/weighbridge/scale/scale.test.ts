import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openSimulatedScale } from '../simulated/scale.ts'
import type { TransportName } from '../simulated/scale.ts'
import { pseudoTerminalProgram } from '../simulated/pseudo-terminal.ts'
import { indicators } from './indicators.ts'
import type { IndicatorName } from './indicators.ts'
import { openScale } from './scale.ts'
import type { Scale, Weight } from './scale.ts'

/** Resolves with the next weight that is as wanted. */
function weightThat(scale: Scale, isWanted: (weight: Weight) => boolean): Promise<Weight> {
  return new Promise((resolve) => {
    const look = (weight: Weight) => {
      if (!isWanted(weight)) return
      stop()
      resolve(weight)
    }
    const stop = scale.listen(look)
  })
}

const lines: [IndicatorName, TransportName][] = [
  ['zm510', 'serial'],
  ['cardinal', 'tcp'],
  ['paw-udp', 'udp'],
  ['haenni', 'http'],
]

describe('scales of every transport', { concurrency: true }, () => {
  for (const [make, by] of lines) {
    const isMissing = by === 'serial' && !pseudoTerminalProgram()
    const skip = isMissing && 'this machine has neither socat nor the script of util-linux: no serial line is tried'
    test(
      `a ${make} is read by ${by}: a truck is seen moving, then still, and a break is mended`,
      { skip, timeout: 10_000 },
      async () => {
        const simulated = await openSimulatedScale(make, by)
        const steadiness = { withinKg: 20, forMs: 300 }
        const retry = { firstMs: 10, mostMs: 100 }
        const scale = openScale({ ...simulated, indicator: indicators[make], steadiness, retry, silentAfterMs: 600 })
        try {
          assert.deepEqual([scale.now().kg, scale.now().line], [null, 'lost'])
          await weightThat(scale, ({ kg }) => kg === 0)
          simulated.move(true)
          simulated.put([7000, 9000])
          const moving = await weightThat(scale, ({ kg }) => kg === 16_000)
          assert.equal(moving.isStable, false)
          simulated.move(false)
          const still = await weightThat(scale, ({ isStable }) => isStable)
          assert.equal(still.kg, 16_000)

          const broken = weightThat(scale, ({ kg }) => kg === null)
          simulated.cut()
          assert.equal((await broken).isStable, false, 'an old weight is no weight')
          if (by === 'tcp') await weightThat(scale, ({ kg }) => kg === 16_000)
        } finally {
          scale.close()
          simulated.close()
        }
      },
    )
  }
})
