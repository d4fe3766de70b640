import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { notOnCitus } from '../../testing/citus.ts'
import { story } from '../../testing/story.ts'
import { raw, sql } from '../database/sql.ts'
import { createKey } from './key.ts'

const migration = join(import.meta.dirname, '../database/migrations/0013_persons.sql')

const past = notOnCitus('Tables are spread by a version that has this migration behind it.')

test('keys from before persons were known belong to whoever made the first of them', past, () =>
  story({}, async ({ call, context, merchant }) => {
    const make = async (name: string, maker: string) => {
      const { body } = await call('POST', '/v1/api-keys', { name, scopes: ['keys:write'] }, { 'X-API-Key': maker })
      return body.data.key as string
    }
    await make('counter at night', await make('counter', merchant.key))
    await createKey(context, { merchant_id: merchant.id, name: 'office', mode: 'test', scopes: ['keys:write'] })
    await context.database.query(sql`alter table api_keys drop column person`)
    await context.database.query(sql`alter table payouts drop column person`)
    await context.database.query(raw(readFileSync(migration, 'utf8')))
    const keys = await context.database.query<{ name: string; person: string }>(sql`select name, person from api_keys`)
    const personOf = (name: string) => keys.find((key) => key.name === name)!.person
    assert.deepEqual([personOf('counter'), personOf('counter at night')], [personOf('story'), personOf('story')])
    assert.notEqual(personOf('office'), personOf('story'))
    assert.match(personOf('office'), /^key:key_[0-9a-f]{32}$/)
  }),
)
