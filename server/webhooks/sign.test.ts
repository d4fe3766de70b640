import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { systemClock } from '../clock.ts'
import { openSecrets, newWebhookSecret, rotationEnd, sealSecret } from './secret.ts'
import { signMessage } from './sign.ts'

const body = '{"id":"evt_1","type":"payment.completed","data":{"amount":"500.00"}}'

function messageOf(at: Date) {
  return { id: 'evt_0193a6c177b27d0e8f21c4d5e6f70812', type: 'payment.completed', body, at }
}

test('the standard signature is that of the published example', () => {
  // Source: the example of the Standard Webhooks libraries.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    type: 'test',
    body: '{"test": 2432232314}',
    at: new Date(1_614_265_330_000),
  }
  const headers = signMessage(message, { current: secret })
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  assert.equal(headers['webhook-id'], message.id)
  assert.equal(headers['webhook-timestamp'], '1614265330')
})

test('the plain signature can be made again with the secret as it is shown', () => {
  const current = newWebhookSecret()
  const headers = signMessage(messageOf(new Date(1_700_000_000_999)), { current })
  assert.equal(headers['X-Event-Type'], 'payment.completed')
  assert.equal(headers['X-Payments-Timestamp'], '1700000000')
  const expected = createHmac('sha256', current).update(`1700000000.${body}`).digest('hex')
  assert.equal(headers['X-Payments-Signature'], `sha256=${expected}`)
  assert.equal('X-Payments-Signature-Previous' in headers, false)
})

test('an outside judge accepts the standard signature, and refuses a changed body', () => {
  const current = newWebhookSecret()
  const headers = signMessage(messageOf(systemClock.now()), { current })
  assert.deepEqual(new Webhook(current).verify(body, headers), JSON.parse(body))
  assert.throws(() => new Webhook(current).verify(body.replace('500', '900'), headers), /No matching signature/)
  assert.throws(() => new Webhook(newWebhookSecret()).verify(body, headers), /No matching signature/)
})

test('during a rotation both secrets verify, and the plain signatures are told apart', () => {
  const [current, previous] = [newWebhookSecret(), newWebhookSecret()]
  const message = messageOf(systemClock.now())
  const headers = signMessage(message, { current, previous })
  assert.deepEqual(new Webhook(current).verify(body, headers), JSON.parse(body))
  assert.deepEqual(new Webhook(previous).verify(body, headers), JSON.parse(body))
  assert.equal(headers['X-Payments-Signature'], signMessage(message, { current })['X-Payments-Signature'])
  assert.equal(
    headers['X-Payments-Signature-Previous'],
    signMessage(message, { current: previous })['X-Payments-Signature'],
  )
})

test('a secret is 32 random bytes after whsec_', () => {
  const secret = newWebhookSecret()
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.notEqual(secret, newWebhookSecret())
})

const keys = { current: Buffer.alloc(32, 1), previous: [] }
const owner = { merchant_id: 'a', endpoint_id: 'b' }

test('a sealed secret opens in its own column of its own endpoint only', () => {
  const now = systemClock.now()
  const secret = sealSecret(keys, owner, 'secret', 'whsec_new')
  const sealed = { ...owner, secret, previous_secret: null, previous_secret_until: null }
  assert.deepEqual(openSecrets(keys, sealed, now), { current: 'whsec_new' })
  assert.throws(() => openSecrets(keys, { ...sealed, endpoint_id: 'c' }, now))
  assert.throws(() =>
    openSecrets(keys, { ...sealed, previous_secret: secret, previous_secret_until: rotationEnd(now) }, now),
  )
})

test('the old secret signs for 24 hours', () => {
  const start = new Date(1_700_000_000_000)
  const sealed = {
    ...owner,
    secret: sealSecret(keys, owner, 'secret', 'whsec_new'),
    previous_secret: sealSecret(keys, owner, 'previous_secret', 'whsec_old'),
    previous_secret_until: rotationEnd(start),
  }
  const during = new Date(start.getTime() + 24 * 3_600_000 - 1)
  assert.deepEqual(openSecrets(keys, sealed, during), { current: 'whsec_new', previous: 'whsec_old' })
  assert.deepEqual(openSecrets(keys, sealed, rotationEnd(start)), { current: 'whsec_new' })
})
