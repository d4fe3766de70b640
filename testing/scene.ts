import assert from 'node:assert/strict'
import { openShop } from './shop.ts'
import type { Shop } from './shop.ts'
import { story } from './story.ts'
import type { Story } from './story.ts'

/** A shop that takes webhooks, and Lango to send them. */
export type Scene = Story & {
  shop: Shop
  /** Makes an endpoint at the shop; answers it with its secret. */
  subscribe(input?: Record<string, unknown>): Promise<{ id: string; webhook_secret: string }>
  /** A payment of a payer who pays at once. */
  paid(): Promise<{ id: string }>
  deliveries(query?: string): Promise<any[]>
}

/** A story with a shop that takes webhooks, on an installation that may reach its own machine. */
export function scene(plot: (scene: Scene) => Promise<void>, options: Parameters<typeof story>[0] = {}): Promise<void> {
  return story(options, async (told) => {
    told.context.config.publicUrl = 'http://localhost:4000'
    const shop = await openShop()
    try {
      await plot({
        ...told,
        shop,
        async subscribe(input = {}) {
          const made = await told.call('POST', '/v1/webhook-endpoints', { url: shop.url, ...input })
          assert.equal(made.status, 201, JSON.stringify(made.body))
          return made.body.data
        },
        async paid() {
          return told.payment((await told.pay({ phone: '0708374149', account_reference: newReference() })).id)
        },
        deliveries: async (query = '') => (await told.call('GET', `/v1/deliveries${query}`)).body.data,
      })
    } finally {
      shop.close()
    }
  })
}

let references = 0

/** An account reference that no payment had before. */
export const newReference = () => `ORDER-${++references}`
