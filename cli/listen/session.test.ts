import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango } from '../../client/index.ts'
import { createNode } from '../../server/node.ts'
import { until } from '../../testing/command.ts'
import { scene } from '../../testing/scene.ts'
import type { Scene } from '../../testing/scene.ts'
import { runSession } from './session.ts'

/** Between a listener and Lango: it may be cut, or swallow what is sent. */
type Network = { manner: 'well' | 'cut' | 'swallows' }

/** Listens at the scene's shop, through a network that can break. What it told stands in `told`, in words. */
async function listen(it: Scene, network: Network) {
  const told: string[] = []
  const node = createNode(it.context)
  const fetch = async (to: string, init: RequestInit): Promise<Response> => {
    if (network.manner === 'swallows') return silence(init.signal!)
    if (network.manner === 'cut') throw new TypeError('fetch failed')
    return node.app.request(to, init)
  }
  const { key } = it.merchant
  const lango = createLango({ url: 'http://lango.test', key, fetch, retries: 0, timeoutMs: 300 })
  const { id, waiting } = await lango.webhookListeners.set({ url: it.shop.url, machine: 'laptop' })
  const stopping = new AbortController()
  const tell = {
    attempt: ({ event_id }: { event_id: string }, { status }: { status: number | null }) =>
      void told.push(`${event_id} ${status}`),
    away: (reason: string) => void told.push(reason),
    back: () => void told.push('back'),
    langoAway: ({ message }: Error) => void told.push(message),
    langoBack: () => void told.push('Lango is back'),
    unreported: () => void told.push('unreported'),
  }
  const session = runSession({ lango, id, url: it.shop.url, stopped: stopping.signal, tell })
  return {
    waiting,
    told,
    stop() {
      stopping.abort()
      return session
    },
  }
}

function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}

type Listening = Awaited<ReturnType<typeof listen>>

/** A scene in which one listens; whoever still does at the end is stopped. */
function listening(plot: (it: Scene, network: Network, begin: () => Promise<Listening>) => Promise<void>) {
  return scene(async (it) => {
    const network: Network = { manner: 'well' }
    const begun: Listening[] = []
    try {
      await plot(it, network, async () => {
        begun.push(await listen(it, network))
        return begun.at(-1)!
      })
    } finally {
      network.manner = 'well'
      for (const { stop } of begun) await stop()
    }
  })
}

/** A payment that is paid, a second after what was before it; the id of its event. */
async function happened(it: Scene): Promise<string> {
  await it.clock.advance('1 s')
  const { id } = await it.paid()
  return (await it.call('GET', `/v1/events?payment_id=${id}`)).body.data[0].id
}

const heard = ({ shop }: Scene) => shop.received.map(({ json }) => json.id)

test('killed before it could report, and begun again, it hands on that event once more, and then what was missed', () =>
  listening(async (it, network, begin) => {
    const first = await begin()
    const events = [await happened(it)]
    await until(() => first.told.length === 1)
    it.shop.answer((response) => {
      network.manner = 'cut'
      response.end()
    })
    events.push(await happened(it))
    await until(() => first.told.some((each) => each.startsWith('Lango at http://lango.test did not answer')))
    await first.stop()
    it.shop.answer(200)
    events.push(await happened(it), await happened(it))

    network.manner = 'well'
    const again = await begin()
    assert.equal(again.waiting, 3)
    await until(() => again.told.length === 3)
    assert.deepEqual(
      again.told,
      events.slice(1).map((id) => `${id} 200`),
    )
    assert.deepEqual(heard(it), [events[0], events[1], ...events.slice(1)])
  }))

for (const [what, manner, words] of [
  ['is cut, as when Lango is restarted,', 'cut', /^Lango at http:\/\/lango\.test did not answer \(fetch failed\)\. /],
  ['swallows what is sent', 'swallows', /^Lango at http:\/\/lango\.test did not answer within 0\.3 s\. /],
] as const) {
  test(`a network that ${what} is noticed, and loses nothing`, () =>
    listening(async (it, network, begin) => {
      const { told } = await begin()
      network.manner = manner
      await until(() => told.length > 0)
      const events = [await happened(it), await happened(it)]
      assert.deepEqual(heard(it), [])
      network.manner = 'well'
      await until(() => told.length === 4)
      assert.match(told[0]!, words)
      assert.deepEqual(told.slice(1), ['Lango is back', ...events.map((id) => `${id} 200`)])
      assert.deepEqual(heard(it), events)
    }))
}
