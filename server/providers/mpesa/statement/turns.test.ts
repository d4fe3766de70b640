import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createTurns } from './turns.ts'

test('one owner has one turn at a time, rests after it for as long as it took, and keeps nobody else waiting', async () => {
  const turns = createTurns(1)
  const told: string[] = []
  const end = await turns.take('Juma')
  const again = turns.take('Juma').then((endAgain) => (told.push('Juma'), endAgain()))
  const other = turns.take('Asha').then((endOther) => (told.push('Asha'), endOther()))
  const tookMs = 30
  await setTimeout(tookMs)
  const endedAt = performance.now()
  end()
  end()
  await other
  // The timer that a rest ends by keeps no process alive.
  const awake = setInterval(() => {}, tookMs)
  await again
  clearInterval(awake)
  assert.deepEqual(told, ['Asha', 'Juma'])
  assert.ok(performance.now() - endedAt >= tookMs)
})

test('whoever sends more than can wait is told so', async () => {
  const turns = createTurns(1)
  const end = await turns.take('Juma')
  const waiting = Array.from({ length: 5 }, () => turns.take('Juma'))
  await assert.rejects(turns.take('Juma'), { message: /Several statements of yours wait/ })
  assert.equal(waiting.length, 5)
  end()
})
