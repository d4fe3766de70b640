import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill } from '../../bench/fill.ts'
import { connect } from '../../server/database/connect.ts'
import { raw, sql } from '../../server/database/sql.ts'
import type { Database, Sql } from '../../server/database/sql.ts'
import { listMoney } from '../../server/money-in/find.ts'
import { listPayments } from '../../server/payments/find.ts'
import { listReceipts } from '../../server/receipts/find.ts'
import { createSweeps } from '../../server/sweeps.ts'
import { createTestDatabase } from '../database.ts'
import { story } from '../story.ts'

const payments = 30_000

/** Smaller ones may be read whole. */
const rowsMin = 5_000

test('where there are many payments, no statement that is named reads a whole table, whatever values it is given', async () => {
  const texts = new Set<string>()
  const remember = (piece: Sql) => {
    if (piece.isNamed) texts.add(piece.strings.reduce((text, string, index) => `${text}$${index}${string}`))
  }
  const remembering = (database: Database): Database => ({
    ...database,
    query: (piece) => (remember(piece), database.query(piece)),
    one: (piece) => (remember(piece), database.one(piece)),
    maybe: (piece) => (remember(piece), database.maybe(piece)),
  })
  const { url, drop } = await createTestDatabase()
  const database = connect(url)
  try {
    await story({ wrap: { database: remembering } }, async (told) => {
      const { id } = await told.pay({ phone: '0708374149' }, { 'Idempotency-Key': 'plans' })
      await told.advance('2 minutes')
      assert.equal((await told.payment(id)).status, 'completed')
      const names = createSweeps({} as never, { sweep: { name: 'default actions' } } as never).map(({ name }) => name)
      for (const name of names) if (name !== 'default actions') await told.sweep(name)
      const [merchant_id] = (await fill({ ...told.context, database }, { payments })) as [string]
      const asking = { ...told.context, database: remembering(database) }
      for (const search of ['INV-1', 'nobody', '0712'])
        for (const list of [listPayments, listMoney, listReceipts])
          await list(asking, { merchant_id, mode: 'test', filter: { search }, limit: 20 })
    })
    await database.query(
      raw(`insert into idempotency (merchant_id, route, key, request_hash, object_id, created_at)
        select merchant_id, 'duplicate', id::text, '', id, created_at from payments; analyze idempotency`),
    )
    const large = await database.query<{ name: string }>(
      sql`select relname as name from pg_class where relkind = 'r' and reltuples >= ${rowsMin}`,
    )
    const reading = new RegExp(`Seq Scan on (${large.map(({ name }) => name).join('|')})\\b`, 'g')
    assert.match('Seq Scan on payments p', reading)
    assert.ok(texts.size > 20, `${texts.size} statements are named.`)
    const bad: string[] = []
    for (const text of texts) {
      const plan = await database.query<{ 'QUERY PLAN': string }>(raw(`explain (generic_plan) ${text}`))
      const read = plan
        .map((line) => line['QUERY PLAN'])
        .join('\n')
        .match(reading)
      if (read) bad.push(`${read.join(', ')}: ${text.replace(/\s+/g, ' ').slice(0, 200)}`)
    }
    assert.deepEqual(bad, [])
  } finally {
    await database.end()
    await drop()
  }
})
