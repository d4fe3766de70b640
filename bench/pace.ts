import { setTimeout as wait } from 'node:timers/promises'
import { latencyOf } from './latency.ts'
import type { Loaded, Prepared } from './load.ts'
import { createPoster } from './post.ts'

/**
 * Posts at an even pace, whatever the answers take, and counts each answer's time from the moment at which its request was due.
 * A generator that sends the share of a second at once, as most do, measures its own bursts.
 * @throws when an answer is not 200, once all have come.
 */
export async function pace(port: number, requests: Prepared[], perSecond: number): Promise<Loaded> {
  const { post, close } = createPoster(port)
  const startedAt = performance.now()
  const answers: Promise<number | Error>[] = []
  while (answers.length < requests.length) {
    const due = Math.min(requests.length, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000))
    for (const { path, body } of requests.slice(answers.length, due)) {
      const dueAt = startedAt + (answers.length * 1_000) / perSecond
      // Whoever fails while others are still being sent must not end the bench, and leave its servers behind.
      const answered = post(path, body).then(
        () => performance.now() - dueAt,
        (error: Error) => error,
      )
      answers.push(answered)
    }
    await wait(1)
  }
  const times = await Promise.all(answers)
  const seconds = (performance.now() - startedAt) / 1_000
  close()
  const failed = times.filter((time) => time instanceof Error)
  if (failed.length > 0) throw new Error(`${failed.length} answers were not 200.`, { cause: failed[0] })
  return { perSecond: times.length / seconds, ...latencyOf(times as number[]) }
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
