import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../context.ts'
import { createSignals } from '../signals.ts'
import { startDueLoop } from './due.ts'

const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('a sweep leaves it to the database to say that it is away, and says every other trouble', async () => {
  const turns = [away(), away(), away(), new Error('A bug of ours.'), new Error('Another.'), away(), undefined, away()]
  const logged: string[] = []
  const done = Promise.withResolvers<void>()
  const signals = createSignals()
  const log = { error: ({ error }: { error: Error }) => logged.push(error.message) }
  const loop = startDueLoop({ log, signals } as unknown as Context, [
    {
      name: 'work',
      everyMs: 1,
      run: async () => {
        if (turns.length === 0) done.resolve()
        const trouble = turns.shift()
        if (trouble) throw trouble
        return 0
      },
    },
  ])
  await done.promise
  await loop.stop()
  assert.deepEqual(logged, ['A bug of ours.', 'Another.'])
})

test('a sweep that found fewer than it takes at once knows that nothing more is due, and rests', async () => {
  const counts = [5, 5, 3]
  const rested = Promise.withResolvers<void>()
  const loop = startDueLoop({ signals: createSignals() } as unknown as Context, [
    {
      name: 'work',
      everyMs: 60_000,
      atMost: 5,
      run: async () => {
        if (counts.length === 1) setTimeout(rested.resolve, 20)
        return counts.shift() ?? assert.fail('It asked again.')
      },
    },
  ])
  await rested.promise
  assert.deepEqual(counts, [])
  await loop.stop()
})
