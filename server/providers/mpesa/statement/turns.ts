import { Problem } from '../../../problem.ts'

/** Ends a turn. Safe to call again. */
export type EndTurn = () => void

const waitingMax = 5

/**
 * Lets so many begin at once, and of one owner one at a time: whoever sends ten files waits for himself, and keeps nobody else
 * waiting behind them.
 * @throws from `take` a Problem when too many of the owner's wait already.
 */
export function createTurns(atOnce: number): { take(owner: string): Promise<EndTurn> } {
  const under = new Set<string>()
  const waiting: { owner: string; begin: () => void }[] = []

  function next(): void {
    const index = waiting.findIndex(({ owner }) => !under.has(owner))
    if (index < 0 || under.size >= atOnce) return
    const [one] = waiting.splice(index, 1)
    under.add(one!.owner)
    one!.begin()
  }

  return {
    async take(owner) {
      if (waiting.filter((other) => other.owner === owner).length >= waitingMax)
        throw new Problem(
          'too_many_requests',
          'Several statements of yours wait to be read. Send this one when they have been.',
        )
      await new Promise<void>((begin) => {
        waiting.push({ owner, begin })
        next()
      })
      return () => {
        if (under.delete(owner)) next()
      }
    },
  }
}
