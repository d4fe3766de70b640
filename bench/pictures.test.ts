import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { pictureAt, pictures } from './pictures.ts'

for (const name of ['load', 'settled'] as const) {
  test(`the picture of ${name} is drawn from the figures beside the results (else: npm run bench draw)`, () => {
    assert.equal(readFileSync(pictureAt(name), 'utf8'), pictures()[name])
  })
}
