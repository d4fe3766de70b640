import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indicators } from '../scale/indicators.ts'
import { openScale } from '../scale/scale.ts'
import { serial } from '../scale/transports/serial.ts'
import { isThere, openPseudoTerminal } from './pseudo-terminal.ts'

for (const program of ['socat', 'script'] as const) {
  const skip = !isThere(program) && `this machine has no ${program}: no serial line is made by it`
  test(
    `a serial line of ${program} carries what a scale is asked, and what it says`,
    { skip, timeout: 10_000 },
    async () => {
      const terminal = await openPseudoTerminal(program)
      terminal.hear((asked) => {
        if (/[WQ]/.test(asked)) terminal.write('ST,GS, 0016000kg\r\n')
      })
      const scale = openScale({ indicator: indicators.paw, transport: serial({ path: terminal.path }) })
      try {
        const heard = await new Promise<number | null>((resolve) => {
          scale.listen(({ kg }) => {
            if (kg !== null) resolve(kg)
          })
        })
        assert.equal(heard, 16_000)
      } finally {
        scale.close()
        terminal.close()
      }
    },
  )
}
