import assert from 'node:assert/strict'
import { test } from 'node:test'
import { words } from './words.ts'

test('every word is there in English and in Swahili, with the same values in it', () => {
  const valuesIn = (text: string) => new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))
  for (const [name, [english, swahili]] of Object.entries(words)) {
    assert.ok(english.trim() && swahili.trim(), name)
    assert.deepEqual(valuesIn(swahili), valuesIn(english), name)
  }
})
