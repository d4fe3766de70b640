import { stopwatch } from '../../../clock.ts'
import { Problem } from '../../../problem.ts'

/** Ends a turn. Safe to call again. */
export type EndTurn = () => void

const waitingMax = 5

/**
 * Lets so many begin at once, and of one owner one at a time: whoever sends ten files waits for himself, and keeps nobody else
 * waiting behind them. Whoever had a turn rests for as long as it took, or longer where that is said: nobody has more than half of the
 * time.
 * @throws from `take` a Problem when too many of the owner's wait already.
 */
export function createTurns(atOnce: number): { take(owner: string, restMsMin?: number): Promise<EndTurn> } {
  /** Whose turn it is, and who rests after one. */
  const busy = new Set<string>()
  const waiting: { owner: string; begin: () => void }[] = []
  let under = 0

  function next(): void {
    const index = waiting.findIndex(({ owner }) => !busy.has(owner))
    if (index < 0 || under >= atOnce) return
    const [one] = waiting.splice(index, 1)
    busy.add(one!.owner)
    under++
    one!.begin()
  }

  function rest(owner: string, restMs: number): void {
    under--
    const rested = () => {
      busy.delete(owner)
      next()
    }
    setTimeout(rested, restMs).unref()
    next()
  }

  return {
    async take(owner, restMsMin = 0) {
      if (waiting.filter((other) => other.owner === owner).length >= waitingMax)
        throw new Problem(
          'too_many_requests',
          'Several statements of yours wait to be read. Send this one when they have been.',
        )
      await new Promise<void>((begin) => {
        waiting.push({ owner, begin })
        next()
      })
      const tookMs = stopwatch()
      let isOver = false
      return () => {
        if (!isOver) rest(owner, Math.max(tookMs(), restMsMin))
        isOver = true
      }
    },
  }
}
