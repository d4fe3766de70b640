import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango } from '../../client/index.ts'
import { createNode } from '../../server/node.ts'
import { until } from '../../testing/command.ts'
import { scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { runSession } from './session.ts'

/** A session of a listener at the scene's shop, over a network that can swallow what is sent; what it told, in words. */
async function listening(
  it: Scene,
  plot: (session: { told: string[]; network: { swallows: boolean } }) => Promise<void>,
): Promise<void> {
  const { app } = createNode(it.context)
  const network = { swallows: false }
  const fetch = (to: string, init: RequestInit) => (network.swallows ? silence(init.signal!) : app.request(to, init))
  const { key } = it.merchant
  const lango = createLango({ url: 'http://lango.test', key, fetch, retries: 0, timeoutMs: 300 })
  const { id } = await lango.webhookListeners.set({ url: it.shop.url, machine: 'laptop' })
  const stopping = new AbortController()
  const told: string[] = []
  const tell = {
    attempt: (_: unknown, { status }: { status: number | null }) => void told.push(String(status)),
    away: (reason: string) => void told.push(reason),
    back: () => void told.push('back'),
    langoAway: ({ message }: Error) => void told.push(message),
    langoBack: () => void told.push('Lango is back'),
    unreported: () => void told.push('unreported'),
  }
  const session = runSession({ lango, id, url: it.shop.url, stopped: stopping.signal, tell })
  try {
    await plot({ told, network })
  } finally {
    network.swallows = false
    stopping.abort()
    await session
  }
}

function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}

test('a network that swallows what is sent is noticed, and loses nothing', () =>
  scene((it) =>
    listening(it, async ({ told, network }) => {
      network.swallows = true
      await until(() => told.length > 0)
      await it.paid()
      await it.paid()
      assert.equal(it.shop.received.length, 0)
      network.swallows = false
      await until(() => told.filter((each) => each === '200').length === 2)
      assert.match(told[0]!, /^Lango at http:\/\/lango\.test did not answer within 0\.3 s\. /)
      assert.deepEqual(told.slice(1), ['Lango is back', '200', '200'])
      assert.equal(new Set(it.shop.received.map(({ json }) => json.id)).size, 2)
    }),
  ))
