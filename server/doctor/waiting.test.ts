import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sources } from '../attention/source.ts'
import type { Context } from '../context.ts'
import type { Sql } from '../database/sql.ts'
import { noId } from '../access/audit-seal.ts'
import { examineAttention } from './attention.ts'
import { countWaiting } from './waiting.ts'

const idOf = (number: number) => `00000000-0000-0000-0000-${String(number).padStart(12, '0')}`

/** A database of two parts, each of which has all these strays but those that it knows to need nobody. */
function partsWithout(strays: number, ...settled: number[][]): Context {
  const parts = settled.map((numbers) => ({
    transaction: (work: (transaction: unknown) => Promise<unknown>) =>
      work({
        query({ strings, values }: Sql) {
          if (!strings.join('').includes('select t.id')) return Promise.resolve([])
          const [after, limit] = values.slice(-2) as [string, number]
          const needing = Array.from({ length: strays }, (_, index) => index + 1).filter(
            (one) => !numbers.includes(one),
          )
          const ids = needing.map(idOf).filter((id) => id > after)
          return Promise.resolve(ids.slice(0, limit).map((id) => ({ id })))
        },
      }),
  }))
  const eachPart = (work: (part: unknown) => Promise<unknown>) => Promise.all(parts.map(work))
  return { database: { eachPart } } as unknown as Context
}

async function straysOf(context: Context, most: number): Promise<number> {
  return (await countWaiting(context, most)).find(({ kind }) => kind === 'stray')!.count
}

test('what every part has is counted as far as one counts, wherever each has what needs nobody', async () => {
  const parts = partsWithout(10, [1, 2, 3], [4, 5, 6])
  assert.equal(await straysOf(parts, 3), 3)
  assert.equal(await straysOf(parts, 4), 4)
  assert.equal(await straysOf(parts, 100), 4)
  assert.equal(await straysOf(partsWithout(6, [1, 2, 3], [4, 5, 6]), 2), 0)
})

test('every kind that waits for a person is named, however many there are', async () => {
  const ofMerchants = sources.filter(({ kind }) => kind !== 'stray').map(({ kind }) => ({ kind, count: 1 }))
  const query = ({ strings, values }: Sql) => {
    const text = strings.join('')
    if (text.includes('as needing')) return Promise.resolve(ofMerchants)
    return Promise.resolve(text.includes('select t.id') && values.includes(noId) ? [{ id: idOf(1) }] : [])
  }
  const part = { transaction: (work: (transaction: unknown) => Promise<unknown>) => work({ query }) }
  const database = { eachPart: async (work: (one: unknown) => Promise<unknown>) => [await work(part)] }
  const { count, examples } = await examineAttention({ database } as unknown as Context)
  assert.deepEqual([count, examples.length], [sources.length, sources.length])
})
