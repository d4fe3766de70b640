import { setTimeout as pause } from 'node:timers/promises'
import { installLango } from '../testing/command.ts'
import { costOf } from './cost.ts'

/** How long `lango start` takes until it is ready, the first time and later, and its memory a while after. Its simulator runs in it. */
export type Started = { firstMs: number; laterMs: number; idleMb: number }

const restMs = 5_000

export async function measureStart(): Promise<Started> {
  const lango = await installLango()
  try {
    const start = async () => {
      const startedAt = performance.now()
      const running = await lango.started()
      return { running, ms: performance.now() - startedAt }
    }
    const first = await start()
    await first.running.end()
    const later = await start()
    await pause(restMs)
    return { firstMs: first.ms, laterMs: later.ms, idleMb: costOf(later.running.child.pid!).memoryMb }
  } finally {
    await lango.remove()
  }
}
