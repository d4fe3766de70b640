import { setTimeout as wait } from 'node:timers/promises'
import { latencyOf } from './latency.ts'
import type { Loaded, Prepared } from './load.ts'
import { createPoster } from './post.ts'

/**
 * Posts at an even pace, whatever the answers take, and counts each answer's time from the moment at which its request was due.
 * @throws when an answer is not 200, once all have come.
 */
export async function pace(port: number, requests: Prepared[], perSecond: number): Promise<Loaded> {
  const { post, close } = createPoster(port)
  const startedAt = performance.now()
  const times = await evenly(requests.length, perSecond, async (index, dueAt) => {
    const { path, body } = requests[index]!
    await post(path, body)
    return performance.now() - dueAt
  })
  const seconds = (performance.now() - startedAt) / 1_000
  close()
  return { perSecond: times.length / seconds, ...latencyOf(times) }
}

/**
 * Begins so many at an even pace, whatever each takes, and tells each when it was due. A generator that begins the share of a second
 * at once, as most do, measures its own bursts.
 * @throws when one failed, once all have ended.
 */
export async function evenly<Result>(
  count: number,
  perSecond: number,
  begin: (index: number, dueAt: number) => Promise<Result>,
): Promise<Result[]> {
  const startedAt = performance.now()
  const begun: Promise<Result>[] = []
  while (begun.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000))
    while (begun.length < due) {
      const one = begin(begun.length, startedAt + (begun.length * 1_000) / perSecond)
      // Whoever fails while others are still being begun must not end the bench, and leave its servers behind.
      one.catch(() => {})
      begun.push(one)
    }
    await wait(1)
  }
  const ended = await Promise.allSettled(begun)
  const failed = ended.filter((result) => result.status === 'rejected')
  if (failed.length > 0) throw new Error(`${failed.length} of ${count} failed.`, { cause: failed[0]!.reason })
  return Promise.all(begun)
}

/** Posts each when the one before it was answered: how long one takes where nothing else is under way. */
export async function oneByOne(port: number, requests: Prepared[]): Promise<Loaded> {
  const { post, close } = createPoster(port, { sockets: 1 })
  const times: number[] = []
  const startedAt = performance.now()
  for (const { path, body } of requests) {
    const sentAt = performance.now()
    await post(path, body)
    times.push(performance.now() - sentAt)
  }
  close()
  return { perSecond: times.length / ((performance.now() - startedAt) / 1_000), ...latencyOf(times) }
}
