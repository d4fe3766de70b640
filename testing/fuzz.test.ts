import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz/fuzz.ts'

test('whatever a server is sent, it answers in its own words, holds on to nothing, and its books are right', async (t) => {
  const { complaints, ...figures } = await fuzz({ requests: 600, seed: 20261125, connections: 6 })
  t.diagnostic(JSON.stringify(figures))
  assert.deepEqual(complaints, [])
})
