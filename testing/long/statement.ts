import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellLongStatement } from './long-statement.ts'

test('while a statement of 110,000 lines is read and compared, payments go on, and its run says how far it is', async (t) => {
  const { progress, ...figures } = await tellLongStatement(110_000)
  t.diagnostic(JSON.stringify(figures))
  const { beside } = figures
  assert.ok(beside.p50Ms < 1_000 && beside.p99Ms < 3_000, JSON.stringify(figures))
  assert.ok(progress.length > 50, `It said ${progress.join(', ')}.`)
  assert.deepEqual(
    progress,
    progress.toSorted((left, right) => left - right),
  )
})
