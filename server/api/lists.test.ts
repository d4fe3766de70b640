import { test } from 'node:test'
import { compareLists } from '../../testing/lists/compare.ts'
import { story } from '../../testing/story.ts'

test('every list answers what a model in memory does, however it is narrowed, searched and paged', () =>
  story({}, (told) => compareLists(told, { seed: 7, rows: 2_500, questions: 300 })))
