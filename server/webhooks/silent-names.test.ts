import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serveSimulator } from '../../simulator/index.ts'
import { openNameServer } from '../../testing/name-server.ts'
import { openShop } from '../../testing/shop.ts'
import { story, storyCredentials } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'
import { startDueLoop } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import { configureAccount } from '../accounts/configure.ts'
import { createKey } from '../access/key.ts'
import { scopes } from '../access/scope.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { createDeliveries } from './deliver.ts'

const silentNames = 8
const payments = 5

/** Another merchant of the installation, with a till of their own; answers how they call the API. */
async function openAnother({ context }: Story) {
  const { id: merchant_id } = await createMerchant(context, 'Duka la Pili')
  await configureAccount(context, {
    merchant_id,
    provider: 'mpesa',
    environment: 'simulator',
    shortcode: '600999',
    till: null,
    type: 'paybill',
    credentials: storyCredentials,
  })
  const { key } = await createKey(context, { merchant_id, name: 'another', mode: 'test', scopes: [...scopes] })
  return async (path: string, body: unknown) => {
    const headers = { 'X-API-Key': key, 'Content-Type': 'application/json' }
    const answer = await createNode(context).app.request(path, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(answer.status, 201, await answer.clone().text())
  }
}

const paidAtOnce = (reference: string) => ({ amount: 100, phone: '0708374149', account_reference: reference })

test("a merchant whose name servers are silent holds up no other's payments and deliveries", async () => {
  const nameServer = await openNameServer()
  const shop = await openShop()
  try {
    await story({ nameServers: [nameServer.address] }, async (told) => {
      const { context, simulator } = told
      context.config.publicUrl = 'http://localhost:4000'
      // As it is outside of tests: each call of the provider looks a name up by the machine's own means.
      const served = await serveSimulator(simulator, { port: 0 })
      const url = served.url.replace('127.0.0.1', 'localhost')
      context.fetch = (input, init) => fetch(String(input).replace('http://daraja.test', url), init)

      const another = await openAnother(told)
      for (let index = 0; index < silentNames; index++) {
        const name = `${index}.silent.example`
        nameServer.says(name, { addresses: ['127.0.0.1'] })
        await another('/v1/webhook-endpoints', { url: `http://${name}:9/hook` })
        nameServer.says(name, 'silence')
      }
      nameServer.asked.splice(0)
      nameServer.says('shop.example', { addresses: ['127.0.0.1'] })
      const { port } = new URL(shop.url)
      await told.call('POST', '/v1/webhook-endpoints', { url: `http://shop.example:${port}/hook` })
      await another('/v1/payments', paidAtOnce('SILENT'))
      await simulator.settled()

      const loop = startDueLoop(context, [createDeliveries()])
      try {
        const silent = () => new Set(nameServer.asked.filter((name) => name.includes('silent'))).size
        while (silent() < 8) await new Promise(setImmediate)
        for (let count = 0; count < payments; count++) await told.pay(paidAtOnce(`ORDER-${count}`))
        await simulator.settled()
        while (shop.received.length < payments) await new Promise(setImmediate)
        const paid = (await told.call('GET', '/v1/payments?status=completed')).body.data
        assert.equal(paid.length, payments)
        assert.equal(silent(), 8, 'Of one merchant eight names are asked for at once.')
        const given = await context.database.query(sql`select from delivery_attempts where status is null`)
        assert.equal(given.length, 0, 'All that while the silent names are still waited for.')
      } finally {
        await loop.stop()
        await served.close()
      }
      const [attempt] = await context.database.query<{ error: string }>(
        sql`select error from delivery_attempts where status is null`,
      )
      assert.equal(attempt!.error, 'The name servers of the host did not answer in time.')
    })
  } finally {
    nameServer.close()
    shop.close()
  }
})
