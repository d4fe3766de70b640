import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBatcher } from './batch.ts'

/** As PostgreSQL refuses a row that a check of the schema does not allow. */
const refusal = () => Object.assign(new Error('violates check constraint'), { code: '23514' })

/** What becomes of these items, asked for at once, when a batch with a bad one fails. */
async function outcomes(items: string[], failure: () => Error) {
  const batches: string[][] = []
  const ask = createBatcher<string, string>(
    async (batch) => {
      batches.push(batch)
      if (batch.includes('bad')) throw failure()
      return batch.map((item) => `${item} done`)
    },
    { size: 256 },
  )
  const settled = await Promise.allSettled(items.map(ask))
  const said = settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error).message))
  return { said, batches }
}

test('what is refused of one caller fails no other that was asked for at once', async () => {
  const { said } = await outcomes(['a', 'b', 'bad', 'c', 'd'], refusal)
  assert.deepEqual(said, ['a done', 'b done', 'violates check constraint', 'c done', 'd done'])
})

test('a batch that nobody knows the end of is run once, and all of it is told', async () => {
  const { said, batches } = await outcomes(['a', 'bad'], () => new Error('Connection terminated unexpectedly'))
  assert.deepEqual(said, ['Connection terminated unexpectedly', 'Connection terminated unexpectedly'])
  assert.deepEqual(batches, [['a', 'bad']])
})
