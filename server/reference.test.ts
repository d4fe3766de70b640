import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writtenReference } from './reference.ts'

const written = [
  'RENT 12',
  ' RENT 12 ',
  'RENT\u00A012',
  'RENT\u202F12',
  '\uFEFFRENT 12',
  'RENT 12\u200B',
  'RE\u00ADNT 12',
  '\u2066RENT 12\u2069',
]

for (const text of written) {
  test(`${JSON.stringify(text)} is the reference RENT 12`, () => assert.equal(writtenReference(text), 'RENT 12'))
}

test('what can be seen in a reference stays as it was written', () => {
  for (const text of ['rent–12', 'RENT  12', 'RENT\n12', 'Müller']) assert.equal(writtenReference(text), text)
})
