import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { sql } from '../database/sql.ts'
import { checkPayments } from '../payments/check.ts'
import { sandboxPasskey } from '../providers/mpesa/sandbox-passkey.ts'
import { story, storyCredentials, storyOperator } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { readSignature } from '../providers/mpesa/signature.ts'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'

const body = Buffer.from('{"Body":{"stkCallback":{}}}')
const passkey = 'a passkey that nobody knows'
const signed = (signature: string) => ({ headers: { 'x-mpesa-signature': signature }, body })
const mac = (text: string | Buffer, key = passkey) => createHmac('sha256', key).update(text).digest()
const safaricom = generateKeyPairSync('rsa', { modulusLength: 2048 })

for (const [name, signature, judgement] of [
  ['by the passkey in hex', mac(body).toString('hex'), 'valid'],
  ['by the passkey in base64', mac(body).toString('base64'), 'valid'],
  ['by the passkey, with the name of the hash before it', `sha256=${mac(body).toString('hex')}`, 'valid'],
  ['by Safaricom', sign('RSA-SHA256', body, safaricom.privateKey).toString('base64'), 'valid'],
  ['by another passkey', mac(body, 'another').toString('hex'), 'wrong'],
  ['over another body', mac('{}').toString('hex'), 'wrong'],
  ['with nothing', '', 'wrong'],
  ['with words', 'trust me', 'wrong'],
] as const) {
  test(`a body signed ${name} is ${judgement}`, () =>
    assert.equal(readSignature(signed(signature), passkey, safaricom.publicKey), judgement))
}

test('a body that bears no signature is as good as any', () => {
  assert.equal(readSignature({ headers: {}, body }, passkey), 'absent')
})

test('the passkey that Safaricom publishes proves nothing, and what is not signed by it is wrong all the same', () => {
  assert.equal(readSignature(signed(mac(body, sandboxPasskey).toString('hex')), sandboxPasskey), 'absent')
  assert.equal(readSignature(signed(mac(body).toString('hex')), sandboxPasskey), 'wrong')
})

/** A shop with a passkey of its own, which its short code has at the simulator too. */
async function withOwnPasskey(told: Story): Promise<void> {
  told.simulator.organisations.set('174379', { passkey })
  const mpesa = { env: 'simulator', shortcode: '174379', ...storyCredentials, ...storyOperator, passkey }
  const { status } = await told.call('PUT', '/v1/merchant/providers/mpesa', { provider: 'mpesa', mpesa })
  assert.equal(status, 200)
}

test('a wrong signature takes the power from a token, until a check confirms what it says', () =>
  story({ promptLifeMs: 600_000 }, async (told) => {
    await withOwnPasskey(told)
    const { id, provider_ref } = await told.pay()
    const text = JSON.stringify(stkCallback(provider_ref))
    const forged = { 'X-Mpesa-Signature': mac(text, 'a guess').toString('hex') }
    assert.equal((await told.post(addressOf(told, 'payment', id), text, forged)).status, 200)
    assert.equal((await told.payment(id)).status, 'pending')
    const { body: listed } = await told.call('GET', `/v1/payments/${id}/evidence`)
    assert.equal(listed.data.at(-1).effect, 'doubted')
    assert.equal((await told.context.database.query(sql`select from money_in`)).length, 0)

    told.simulator.faults.set({ rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 }] })
    told.simulator.phones.get('0712345678').approve()
    await told.advance('1 s')
    await checkPayments.run(told.context)
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('a right signature is no hindrance', () =>
  story({}, async (told) => {
    await withOwnPasskey(told)
    const { id, provider_ref } = await told.pay()
    const text = JSON.stringify(stkCallback(provider_ref))
    await told.post(addressOf(told, 'payment', id), text, { 'X-Mpesa-Signature': mac(text).toString('base64') })
    assert.equal((await told.payment(id)).status, 'completed')
  }))

test('a callback without a token is worth a check if it is signed, and settles nothing itself', () =>
  story({ promptLifeMs: 600_000 }, async (told) => {
    await withOwnPasskey(told)
    const { id, provider_ref } = await told.pay()
    const text = JSON.stringify(stkCallback(provider_ref))
    const dueIn = async () => {
      const { check_at } = await told.context.database.one<{ check_at: Date }>(sql`select check_at from payments`)
      return check_at.getTime() - told.clock.now().getTime()
    }
    for (const key of ['a guess', sandboxPasskey]) {
      await told.post('/v1/webhooks/mpesa', text, { 'X-Mpesa-Signature': mac(text, key).toString('hex') })
      assert.equal(await dueIn(), 75_000)
    }
    const right = { 'X-Mpesa-Signature': mac(text).toString('hex') }
    await told.post('/v1/webhooks/mpesa', text, right)
    assert.ok((await dueIn()) <= 0)
    assert.equal((await told.payment(id)).status, 'pending')

    // Not more often than every ten seconds, however many come.
    await checkPayments.run(told.context)
    await told.post('/v1/webhooks/mpesa', text, right)
    assert.equal(await dueIn(), 10_000)
  }))
