import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchOutage } from './outage-watch.ts'

const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
const refusal = () => Object.assign(new Error('duplicate key'), { code: '23505' })

test('an outage is told once when it lasts, and its end once', async () => {
  const told: string[] = []
  const { promise: isAway, resolve } = Promise.withResolvers<void>()
  const { failed, succeeded } = watchOutage({
    onAway: ({ message }) => {
      told.push(message)
      resolve()
    },
    onBack: () => told.push('back'),
  })
  succeeded()
  failed(refusal())
  // A moment's trouble is none.
  failed(away())
  succeeded()
  for (let turn = 0; turn < 5; turn++) failed(away())
  // What is told of does not keep a process alive; the test is one.
  const alive = setInterval(() => {}, 1_000)
  await isAway
  clearInterval(alive)
  failed(away())
  succeeded()
  succeeded()
  assert.deepEqual(told, ['connect ECONNREFUSED', 'back'])
})
