import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showHidden } from './phone.ts'

for (const [masked, shown] of [
  ['2547 ***** 126', '07•• ••• 126'],
  ['25470****149', '070• ••• 149'],
  ['254******867', '0••• ••• 867'],
  ['*********149', '•••• ••• 149'],
  ['0712***678', '0712 ••• 678'],
  ['2547*', '2547•••'],
] as const)
  test(`its owner knows ${masked} by ${shown}`, () => assert.equal(showHidden(masked), shown))
