import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signInAs } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import type { Context } from '../context.ts'
import { claimInstallation } from '../database/installation.ts'
import { raw, sql } from '../database/sql.ts'
import { examine } from '../doctor/examine.ts'
import { offerSecondFactor } from '../people/second-factor.ts'
import { keyId, unseal } from '../secret.ts'
import type { SecretKeys } from '../secret.ts'
import { rotateSecretKey } from './rotate.ts'
import { sealedTables } from './sealed-tables.ts'

const sealedColumns = Object.values(sealedTables).flatMap(({ table, columns }) =>
  columns.map((column) => `${table}.${column}`),
)

/** What the schema keeps as bytes, and is no secret of anybody's that we could open. */
const notSealed = {
  hash: [
    'api_keys.hash audit_seals.hash audit_seals.mac idempotency.request_hash invitations.hash sessions.hash statements.sha256 users.recovery_codes',
  ],
  document: ['callbacks.body evidence.raw mails.attachment merchant_logos.bytes statements.content strays.body'],
  'sealed, and gone after an hour': ['sent_forms.answer'],
}

test('every column of bytes is one that a new secret key seals anew, or is known to hold nothing sealed', () =>
  story({}, async ({ context }) => {
    const columns = await context.database.query<{ name: string }>(sql`
      select t.relname || '.' || a.attname as name from pg_attribute a join pg_class t on t.oid = a.attrelid
      where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition and not a.attisdropped
        and a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype)`)
    assert.deepEqual(
      columns.map(({ name }) => name).sort(),
      [...sealedColumns, ...Object.values(notSealed).flatMap(([names]) => names!.split(' '))].sort(),
    )
  }))

test('each sealed column opens with the new secret key alone as it did with the old one', () =>
  story({}, async (told) => {
    const { context, clock } = told
    const { database, config } = context
    const [old, fresh] = [config.secretKeys.current, Buffer.alloc(32, 9)]
    await claimInstallation(database, config.secretKeys, clock.now())
    const hook = { url: 'https://shop.test/hook', headers: { 'X-Shop': 'open sesame' } }
    const { body } = await told.call('POST', '/v1/webhook-endpoints', hook)
    await told.call('POST', `/v1/webhook-endpoints/${body.data.id}/rotate-secret`)
    const { user } = await signInAs(told, { role: 'owner' })
    await offerSecondFactor({ ...context, isConfirmed: true }, user)
    // It needs an access token.
    await told.pay({ phone: '0712345678' })

    const before = await openAll(context, { current: old, previous: [] })
    assert.deepEqual(Object.keys(before).sort(), sealedColumns.toSorted())
    config.secretKeys = { current: fresh, previous: [old] }
    const complaint = async () =>
      (await examine(context)).find(({ name }) => name === 'everything is sealed with the present secret key')!
    assert.match(JSON.stringify(await complaint()), /3 rows are sealed with another key\./)
    assert.deepEqual(await rotateSecretKey(context), { accounts: 1, endpoints: 1, users: 1 })
    assert.deepEqual(await openAll(context, { current: fresh, previous: [] }), before)
    assert.equal((await complaint()).state, 'ok')
  }))

/** Every secret in the tables, opened, by the name of its column. */
async function openAll({ database }: Context, keys: SecretKeys): Promise<Record<string, string[]>> {
  const opened: Record<string, string[]> = {}
  for (const { table, columns, key, purpose, boundTo } of Object.values(sealedTables)) {
    const rows = await database.query<Record<string, any>>(sql`select * from ${raw(table)} order by ${raw(key.join())}`)
    for (const row of rows)
      for (const column of columns) {
        if (row[column] === null) continue
        assert.equal(row[column].toString('hex', 0, 4), keyId(keys.current))
        ;(opened[`${table}.${column}`] ??= []).push(unseal(keys, purpose, boundTo(row, column), row[column]))
      }
  }
  return opened
}
