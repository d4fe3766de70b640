import { test } from 'node:test'
import { compareLists } from '../lists/compare.ts'
import { story } from '../story.ts'

for (let seed = 1; seed <= 5; seed++)
  test(`lists of seed ${seed} answer what a model in memory does`, () =>
    story({}, (told) => compareLists(told, { seed, rows: 2_000 * seed, questions: 1_500 })))

test('lists of more rows than are put in order at once answer what a model in memory does', () =>
  story({}, (told) => compareLists(told, { seed: 6, rows: 60_000, questions: 300 })))
