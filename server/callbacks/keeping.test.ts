import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import { createNode } from '../node.ts'

const behindProxy = { incoming: { socket: { remoteAddress: '::ffff:10.0.0.7' } } }

const written = [
  'unknown',
  '"196.201.214.200"',
  '196.201.214.200:80:80',
  '[::1',
  '::ffff:zz',
  'fe80::1%eth0',
  ', ,, ,',
  '%00%ff',
  'é',
  '1.2.3.4, '.repeat(500),
]

test('whatever is written into the headers on the way, a callback is kept and settles', () =>
  story({}, async (told) => {
    const context = { ...told.context, config: { ...told.context.config, trustedProxies: ['10.0.0.0/8', '::1'] } }
    const { app } = createNode(context)
    for (const value of written) {
      const { id, provider_ref } = await told.pay({ account_reference: `A${written.indexOf(value)}` })
      const headers = {
        'X-Forwarded-For': value,
        'User-Agent': value,
        'X-Mpesa-Signature': value,
        'Content-Type': value,
      }
      const init = { method: 'POST', headers, body: JSON.stringify(stkCallback(provider_ref)) }
      const answer = await app.request(addressOf(told, 'payment', id), init, behindProxy)
      assert.equal(answer.status, 200, value)
      const { source } = (await told.call('GET', `/v1/payments/${id}/evidence`)).body.data.at(-1)
      assert.equal(source, 'callback', value)
      told.simulator.phones.get('0712345678').cancel()
    }
  }))

test('an address that holds what no text of the database can keeps no callback from settling', () =>
  story({}, async (told) => {
    const { app } = createNode(told.context)
    const { id, provider_ref } = await told.pay()
    const body = JSON.stringify(stkCallback(provider_ref))
    const answer = await app.request(`${addressOf(told, 'payment', id)}/confirmation%00`, { method: 'POST', body })
    assert.equal(answer.status, 200)
    assert.equal((await told.payment(id)).status, 'completed')
  }))
