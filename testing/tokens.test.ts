import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

test('the server and the simulator, which know nothing of each other, have the same tokens', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  assert.equal(read('../simulator/pages/tokens.css'), read('../server/web/tokens.css'))
})
