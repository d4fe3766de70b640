import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examine } from '../server/doctor/examine.ts'
import { story } from '../testing/story.ts'
import { notOnCitus } from '../testing/citus.ts'
import { fill } from './fill.ts'

test(
  'the books that are filled in hold: the doctor finds nothing to fix in them, in all of them',
  notOnCitus('A fill is of one database.'),
  () =>
    story({}, async ({ context }) => {
      await fill(context, { payments: 3_000 })
      const findings = await examine(context, { all: true })
      // The clock of a story stands still.
      assert.deepEqual(
        findings.filter(({ state, name }) => state === 'fix' && !name.startsWith('the clocks')),
        [],
      )
    }),
)
