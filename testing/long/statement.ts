import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellLongStatement } from './long-statement.ts'

for (const [what, knownOfThousand] of [
  ['nearly all of them in the books', 990],
  ['all of them new', 0],
] as const) {
  test(`while a statement of 110,000 lines is read and compared, ${what}, payments go on, and its run says how far it is`, async (t) => {
    const { progress, ...figures } = await tellLongStatement(110_000, knownOfThousand)
    t.diagnostic(JSON.stringify(figures))
    const { beside } = figures
    assert.ok(beside.p50Ms < 1_000 && beside.p99Ms < 3_000, JSON.stringify(figures))
    assert.ok(progress.length > 8, `It said ${progress.join(', ')}.`)
    assert.deepEqual(
      progress,
      progress.toSorted((left, right) => left - right),
    )
  })
}
