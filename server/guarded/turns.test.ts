import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns } from './turns.ts'

const { signal } = new AbortController()
const turn = () => new Promise(setImmediate)

test('when there is room for few, each owner has a turn before anyone has a second', async () => {
  const turns = createTurns({ ofOneMax: 2, inAllMax: 2 })
  const begun: string[] = []
  const ends: (() => void)[] = []
  for (const owner of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) {
    void turns.take(owner, signal).then((end) => {
      begun.push(owner)
      ends.push(end)
    })
  }
  await turn()
  assert.deepEqual(begun, ['a', 'a'])
  while (ends.length > 0) {
    ends.shift()!()
    await turn()
  }
  assert.deepEqual(begun, ['a', 'a', 'a', 'b', 'c', 'a', 'b'])
})

test('one owner has no more than their part, however much room there is', async () => {
  const turns = createTurns({ ofOneMax: 1, inAllMax: 9 })
  const end = await turns.take('a', signal)
  const leave = new AbortController()
  const second = turns.take('a', leave.signal)
  await turns.take('b', signal)
  leave.abort(new Error('It is too late.'))
  await assert.rejects(second, /too late/)
  await assert.rejects(turns.take('a', leave.signal), /too late/)
  end()
  await turns.take('a', signal)
})
