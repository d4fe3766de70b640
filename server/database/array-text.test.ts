import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { arrayText } from './array-text.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'

test('an array that is written as text is what PostgreSQL reads, whatever stands in it', async () => {
  const here = await createTestDatabase()
  const database = connect(here.url)
  try {
    const texts = ['', 'a,b', '"', '\\', '\\"', '{}', 'NULL', null, ' x ', 'a\nb\tc', 'é€😀', "it's", '["a","b\\"c"]']
    const times = [new Date('2026-11-20T11:32:08.123Z'), null]
    const [texted, counted, timed] = [texts, [1, -2, null], times].map((values) => Buffer.from(arrayText(values)))
    const row = await database.one<object>(sql`
      select ${texted}::text::text[] as texts, ${counted}::text::int[] as counts, ${timed}::text::timestamptz[] as times,
        ${Buffer.from(arrayText([]))}::text::text[] as none`)
    assert.deepEqual(row, { texts, counts: [1, -2, null], times, none: [] })
  } finally {
    await database.end()
    await here.drop()
  }
})
