import { Hono } from 'hono'
import type { Context } from 'hono'
import type { Now } from '../../clock.ts'
import type { Scale } from '../scale.ts'
import type { Message } from './session.ts'

export type RestOptions = {
  scale: Scale
  now: Now
  /** What a message does, as if it had come by WebSocket. */
  take(message: Message): Message
}

/** TruConnect's REST names, `/api/v1/…`. While the scale is not heard they answer 503, where TruConnect would answer nothing on it. */
export function createRest({ scale, now, take }: RestOptions): Hono {
  const app = new Hono().basePath('/api/v1')
  const known = (c: Context, data: (kg: number) => object) => {
    const { kg, line, trouble, fault } = scale.now()
    const connection = { source: scale.name, connected: line === 'connected' }
    const timestamp = now().toISOString()
    if (kg === null)
      return c.json({ success: false, error: trouble ?? `The scale shows ${fault}.`, connection, timestamp }, 503)
    return c.json({ success: true, mode: 'multideck', data: data(kg), connection, timestamp })
  }
  app.get('/weights', (c) =>
    known(c, (kg) => {
      const { decksKg, isStable: stable } = scale.now()
      const decks = decksKg.map((weight, index) => ({ index: index + 1, weight, stable }))
      return { decks, gvw: kg, stable, vehicleOnDeck: kg > 50 }
    }),
  )
  app.get('/gvw', (c) => known(c, (gvw) => ({ gvw })))
  app.get('/status', (c) =>
    c.json({ success: true, data: { ...scale.now(), name: scale.name }, timestamp: now().toISOString() }),
  )
  app.post('/plate', async (c) => {
    const { event, data } = take({ event: 'plate', data: await bodyOf(c) })
    if (event === 'error') return c.json({ success: false, error: data.message }, 400)
    return c.json({ success: true, data: { plateNumber: data.plateNumber, accepted: true } })
  })
  app.post('/capture', (c) => known(c, (weight) => ({ weight, stable: scale.now().isStable })))
  return app
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => ({}))
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}
