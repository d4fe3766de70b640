import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { runStorm, summarise } from './storm.ts'

const seeds = [1, 2, 3, 5]

suite('after a storm the books equal the ledger', { concurrency: 4 }, () => {
  for (const seed of seeds) {
    test(`with seed ${seed}`, async () => {
      const report = await runStorm({ seed, payments: 120 })
      assert.deepEqual(report.problems, [], summarise(report))
    })
  }
})
