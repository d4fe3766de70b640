import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { connect } from '../server/database/connect.ts'
import { raw } from '../server/database/sql.ts'
import type { Database } from '../server/database/sql.ts'
import { createTestDatabase } from './database.ts'
import type { TestDatabase } from './database.ts'

let here: TestDatabase
let there: TestDatabase
let database: Database
let other: Database

before(async () => {
  here = await createTestDatabase()
  there = await createTestDatabase()
  database = connect(here.url)
  other = connect(there.url)
})

after(async () => {
  await database.end()
  await other.end()
  await here.drop()
  await there.drop()
})

test('a test database is migrated', async () => {
  assert.notEqual((await database.query(raw('select name from migrations'))).length, 0)
})

test('two test databases do not see each other', async () => {
  await database.query(raw('create table only_here ()'))
  const rows = await other.query(raw("select from pg_tables where tablename = 'only_here'"))
  assert.equal(rows.length, 0)
})
