import assert from 'node:assert/strict'
import { test } from 'node:test'
import { booksOf } from '../../testing/books-of.ts'
import { story } from '../../testing/story.ts'
import { listAudit } from '../access/audit.ts'
import { findAccounts } from '../accounts/find.ts'
import { keepToken, keptSubject } from '../accounts/kept-token.ts'
import { defaultAccount } from '../accounts/named.ts'
import { claimInstallation } from '../database/installation.ts'
import { sql } from '../database/sql.ts'
import { examine } from '../doctor/examine.ts'
import { keyId } from '../secret.ts'
import { makeToken, readToken } from '../token.ts'
import { openHeaders } from '../webhooks/headers.ts'
import { openSecrets } from '../webhooks/secret.ts'
import { rotateSecretKey } from './rotate.ts'

test('the secret key is replaced while payments run: all is sealed anew, and what M-Pesa was told before is believed for 90 days', () =>
  story({}, async (told) => {
    const { context, clock, simulator } = told
    const { database, config } = context
    const merchant_id = told.merchant.id
    const [old, fresh] = [config.secretKeys.current, Buffer.alloc(32, 9)]
    await claimInstallation(database, config.secretKeys, clock.now())
    const hook = { url: 'https://shop.test/hook', headers: { 'X-Shop': 'open sesame' } }
    const made = await told.call('POST', '/v1/webhook-endpoints', hook)
    const account = await defaultAccount(context, merchant_id, 'mpesa')
    const c2b = await keepToken(context, account, 'c2b')
    const asked = await told.pay({ phone: '0712345678' })

    // Every node has both keys now, and the new one seals.
    config.secretKeys = { current: fresh, previous: [old] }
    const [rotated] = await Promise.all([
      rotateSecretKey(context),
      told.pay({ phone: '0708374149' }, { 'Idempotency-Key': 'meanwhile' }),
    ])
    assert.deepEqual(rotated, { accounts: 1, endpoints: 1, users: 0 })
    assert.deepEqual(await rotateSecretKey(context), { accounts: 0, endpoints: 0, users: 0 })
    simulator.phones.get('0712345678').approve()
    assert.equal((await told.payment(asked.id)).status, 'completed', 'Its callback came to an address of the old key.')
    await told.advance('10 seconds')
    const { lango, ledger } = await booksOf(told)
    assert.deepEqual([lango, ledger], [200, 200])

    const { rows } = await listAudit(context, { merchant_id, filter: { action: 'secret_key.rotated' }, limit: 9 })
    assert.deepEqual(
      rows.map(({ details }) => details),
      [{ from: keyId(old), to: keyId(fresh) }],
    )
    const found = await examine(context)
    const ofKey = found.filter(({ name }) => name.includes('secret key'))
    assert.deepEqual(
      ofKey.map(({ state }) => state),
      ['ok', 'ok'],
    )

    // A node that knows the old key alone cannot work here any more, and says so.
    await assert.rejects(claimInstallation(database, { current: old, previous: [] }, clock.now()), {
      message: new RegExp(`^This database belongs to the secret key ${keyId(fresh)}`),
    })
    const subject = { merchant_id, subject_id: account.id, provider: 'mpesa', kind: 'status' } as const
    const token = makeToken({ current: old, previous: [] }, subject)
    assert.deepEqual(readToken(config.secretKeys, token), subject)

    await clock.advance('91 days')
    config.secretKeys = await claimInstallation(database, config.secretKeys, clock.now())
    assert.deepEqual(config.secretKeys, { current: fresh, previous: [] })
    assert.equal(readToken(config.secretKeys, token), undefined)
    const [opened] = await findAccounts(context, [account.id])
    assert.deepEqual(opened!.credentials, account.credentials)
    const endpoint = await database.one<any>(sql`select *, id as endpoint_id from webhook_endpoints`)
    assert.equal(openSecrets(config.secretKeys, endpoint, clock.now()).current, made.body.data.webhook_secret)
    assert.deepEqual(openHeaders(config.secretKeys, endpoint), hook.headers)
    // What was registered once and for all is heard as long as it stands in the database.
    assert.equal((await keptSubject(context, c2b))?.kind, 'c2b')
  }))

test('a rotation that is cut off is told in the audit log all the same, and once', () =>
  story({}, async ({ context, clock, merchant }) => {
    const { database, config } = context
    const [old, fresh] = [config.secretKeys.current, Buffer.alloc(32, 9)]
    await claimInstallation(database, config.secretKeys, clock.now())
    // What is sealed with a key that is not here ends it midway.
    config.secretKeys = { current: fresh, previous: [] }
    await assert.rejects(rotateSecretKey(context))
    config.secretKeys = { current: fresh, previous: [old] }
    await rotateSecretKey(context)
    const filter = { action: 'secret_key.rotated' }
    const { rows } = await listAudit(context, { merchant_id: merchant.id, filter, limit: 9 })
    assert.deepEqual(
      rows.map(({ details }) => details),
      [{ from: keyId(old), to: keyId(fresh) }],
    )
  }))
