import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { grants, scopesOfKey } from './scope.ts'
import type { KeyScope, Scope } from './scope.ts'

const granted: [has: KeyScope[], wanted: Scope, isEnough: boolean][] = [
  [['payments:read'], 'payments:read', true],
  [['payments:read'], 'payments:write', false],
  [['payments:write'], 'payments:read', true],
  [['payments:read'], 'refunds:read', true],
  [['payments:write'], 'refunds:read', true],
  [['refunds:read'], 'payments:read', false],
  [['payments:read'], 'payouts:read', false],
  [['payouts:write'], 'payouts:read', true],
  [['reconciliation:write'], 'reconciliation:read', true],
  [['keys:write'], 'audit:read', false],
]
for (const [has, wanted, isEnough] of granted)
  test(`${has.join()} is ${isEnough ? '' : 'not '}enough for ${wanted}`, () =>
    assert.equal(grants(scopesOfKey(has), wanted), isEnough))

/** A key with these scopes, as the header that shows it. */
async function keyOf({ call }: Story, scopes: Scope[]): Promise<Record<string, string>> {
  const { status, body } = await call('POST', '/v1/api-keys', { name: scopes.join(), scopes })
  assert.equal(status, 201, JSON.stringify(body))
  return { 'X-API-Key': body.data.key }
}

test('each list asks for the scope of its own noun', () =>
  story({}, async (told) => {
    const reads = [
      ['/v1/refunds', 'refunds:read'],
      ['/v1/payouts', 'payouts:read'],
      ['/v1/payouts/batches', 'payouts:read'],
      ['/v1/reconciliation/runs', 'reconciliation:read'],
      ['/v1/audit/logs', 'audit:read'],
      ['/v1/events', 'webhooks:read'],
      ['/v1/merchant/me', 'merchant:read'],
    ] as const
    for (const [path, scope] of reads) {
      assert.equal((await told.call('GET', path, undefined, await keyOf(told, [scope]))).status, 200, path)
      const denied = await told.call('GET', path, undefined, await keyOf(told, ['invoices:read']))
      assert.equal(denied.status, 403, path)
      assert.match(denied.body.error.message, new RegExp(`lacks the scope ${scope}`))
    }
  }))

test('a key grants the reading that its writing includes, and no more', () =>
  story({}, async (told) => {
    const keys = await keyOf(told, ['keys:write', 'payouts:write'])
    const reader = await told.call('POST', '/v1/api-keys', { name: 'reader', scopes: ['payouts:read'] }, keys)
    assert.equal(reader.status, 201)
    const more = await told.call('POST', '/v1/api-keys', { name: 'more', scopes: ['audit:read'] }, keys)
    assert.equal(more.status, 403)
  }))

test('the audit log says who did what, is narrowed, and comes page by page', () =>
  story({}, async (told) => {
    const key = await keyOf(told, ['audit:read', 'payments:read'])
    await told.advance('1 h')
    await told.call('PATCH', '/v1/merchant', { color: '#0b6b4f' })
    const { body } = await told.call('GET', '/v1/audit/logs?limit=2', undefined, key)
    assert.deepEqual(
      body.data.map(({ action }: any) => action),
      ['merchant.changed', 'key.created'],
    )
    assert.match(body.data[0].id, /^aud_/)
    assert.match(body.data[0].actor, /^key:key_/)
    assert.deepEqual(body.data[0].details, { color: '#0b6b4f' })
    assert.equal(body.meta.has_more, true)
    const next = await told.call('GET', `/v1/audit/logs?limit=2&cursor=${body.meta.next_cursor}`, undefined, key)
    assert.ok(next.body.data.every(({ id }: any) => id < body.data[1].id))
    const narrowed = await told.call('GET', '/v1/audit/logs?action=merchant.changed&since=2026-11-20', undefined, key)
    assert.equal(narrowed.body.data.length, 1)
    const { at } = body.data[0]
    assert.equal((await told.call('GET', `/v1/audit/logs?until=${at}&action=merchant.changed`)).body.data.length, 0)
  }))

test('an error leads to its page by a whole address', () =>
  story({}, async ({ call }) => {
    const { body } = await call('GET', '/v1/payments?status=paid')
    assert.equal(body.error.docs_url, 'https://lango.test/docs/errors#invalid_request')
    assert.equal((await call('GET', '/v1/nothing')).body.error.docs_url, 'https://lango.test/docs/errors#not_found')
  }))
