import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Loaded, Prepared } from './load.ts'

/**
 * Posts at an even pace, whatever the answers take, and counts each answer's time from the moment at which its request was due.
 * A generator that sends the share of a second at once, as most do, measures its own bursts.
 * @throws when an answer is not 200.
 */
export async function pace(port: number, requests: Prepared[], perSecond: number): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const startedAt = performance.now()
  const answers: Promise<number>[] = []
  while (answers.length < requests.length) {
    const due = Math.min(requests.length, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000))
    for (const prepared of requests.slice(answers.length, due)) {
      const dueAt = startedAt + (answers.length * 1_000) / perSecond
      answers.push(post(agent, port, prepared).then(() => performance.now() - dueAt))
    }
    await wait(1)
  }
  const latencies = (await Promise.all(answers)).toSorted((left, right) => left - right)
  const seconds = (performance.now() - startedAt) / 1_000
  agent.destroy()
  const below = (share: number) => latencies[Math.floor(latencies.length * share)]!
  return { perSecond: latencies.length / seconds, p50Ms: below(0.5), p99Ms: below(0.99) }
}

function post(agent: Agent, port: number, { path, body }: Prepared): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers }, (response) => {
      const isGood = response.statusCode === 200
      text(response).then((answer) => (isGood ? resolve() : reject(new Error(answer))), reject)
    })
      .on('error', reject)
      .end(body)
  })
}
