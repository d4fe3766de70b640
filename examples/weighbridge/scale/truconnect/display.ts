import { keepOpen } from '../keep-open.ts'
import type { Transport } from '../line.ts'
import type { Scale } from '../scale.ts'

/** A weight as remote displays take it: `$=00250000=` has the digits of 5200 reversed, `W00005200` has them plain. */
export const displays = {
  reversed: (kg: number) => `$=${digits(kg).split('').toReversed().join('').padEnd(8, '0')}=`,
  avery: (kg: number) => `W${digits(kg).padStart(8, '0')}`,
}

/** Shows each weight at a remote display, by serial line at 1200 baud or by TCP; a weight that nobody knows is not shown. */
export function openDisplay(scale: Scale, transport: Transport, format: keyof typeof displays): { close(): void } {
  const retry = { firstMs: 500, mostMs: 30_000 }
  const line = keepOpen(transport, { hear() {}, opened() {}, lost() {}, retry })
  const stopListening = scale.listen(({ kg }) => kg !== null && line.write(displays[format](kg)))
  return {
    close() {
      stopListening()
      line.close()
    },
  }
}

const digits = (kg: number) => String(Math.abs(Math.round(kg)))
