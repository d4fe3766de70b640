import assert from 'node:assert/strict'
import test from 'node:test'
import { rows } from './columns.ts'
import { join, raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

test('a statement is woven once, whatever its values are', () => {
  const since = (day: number) => sql`made >= ${day}`
  const ask = (id: string, days: number[]) => sql`
    select from payments where id = ${id} and ${join(days.map(since), sql` and `)}
    and exists (select from ${rows([{ id }], 'r', { id: 'uuid' })})`
  const [one, other, longer] = [ask('a', [1, 2]), ask('b', [3, 4]), ask('a', [1, 2, 3])]
  assert.equal(one.strings, other.strings)
  assert.deepEqual(other.values.slice(0, 3), ['b', 3, 4])
  assert.notEqual(one.strings, longer.strings)
  assert.deepEqual(longer.values.slice(0, 4), ['a', 1, 2, 3])
})

test('a piece in the place of a value, or of another piece, makes another statement', () => {
  const ask = (id: unknown) => sql`select ${id} from payments`
  const texts = ['p.id', '$1'].map((text) => ask(raw(text)).strings)
  assert.deepEqual(
    [...texts, ask('p.id').strings],
    [['select p.id from payments'], ['select $1 from payments'], ['select ', ' from payments']],
  )
})

test('a list among the values stays one value', () => {
  const named: Sql = sql`id = any (${['a', 'b']})`
  assert.deepEqual(sql`select where ${named} and n = ${1}`.values, [['a', 'b'], 1])
})
