import { isRefusal } from './outage.ts'

/** Answers one item of a batch, in the order asked. */
export type Batcher<Item, Answer> = (item: Item) => Promise<Answer>

type Waiting<Item, Answer> = { item: Item; resolve(answer: Answer): void; reject(error: unknown): void }

/**
 * Gathers what concurrent callers ask for while the previous batch is under way, and runs it as one: a group commit.
 * No timer, so a single caller waits for nobody. Callers are answered when their batch has ended; when it throws, all of them are told.
 * What PostgreSQL refuses is run again by halves, so that only those are told whose own item it refuses.
 * @param run takes at most `size` items and answers each, in order. What is refused must have done nothing, or be safe to repeat.
 */
export function createBatcher<Item, Answer>(
  run: (items: Item[]) => Promise<Answer[]>,
  { size }: { size: number },
): Batcher<Item, Answer> {
  let waiting: Waiting<Item, Answer>[] = []
  let isUnderWay = false

  async function drain(): Promise<void> {
    while (waiting.length > 0) await answer(waiting.splice(0, size))
    isUnderWay = false
  }

  async function answer(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await run(batch.map((entry) => entry.item))
      batch.forEach((entry, index) => entry.resolve(answers[index]!))
    } catch (error) {
      if (batch.length === 1 || !isRefusal(error)) return batch.forEach((entry) => entry.reject(error))
      const middle = batch.length >> 1
      await answer(batch.slice(0, middle))
      await answer(batch.slice(middle))
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isUnderWay) return
      isUnderWay = true
      // One turn of the event loop, so that requests read from the same wake-up of the socket share a batch.
      setImmediate(() => void drain())
    })
}
