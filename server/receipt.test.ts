import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalReceipt } from './receipt.ts'

const written = [
  'UKK7X2M4QA',
  'ukk7x2m4qa',
  ' UKK7X2M4QA\t',
  'UKK7 X2M4 QA',
  "'UKK7X2M4QA",
  '"UKK7X2M4QA"',
  '="UKK7X2M4QA"',
  '“UKK7X2M4QA”',
  '\uFEFFUKK7X2M4QA',
  'UKK7\u200BX2M4QA\u200F',
  'UKK7\u00ADX2M4QA',
  'UKK7X2M4QA\u00A0',
  'UKK7X2M4QA\uFE0F',
  'UKK7X2M4QA\u3164',
  'UKK7X2M4QA\u0000',
  'ＵＫＫ７Ｘ２Ｍ４ＱＡ',
]

for (const text of written) {
  test(`${JSON.stringify(text)} is the receipt UKK7X2M4QA`, () => {
    assert.equal(normalReceipt(text), 'UKK7X2M4QA')
  })
}

test('what holds other signs than letters and digits is no receipt', () => {
  for (const text of [
    '',
    '   ',
    '"',
    'UKK',
    'UKK7X2M4QA.',
    'Total: 10',
    'UKK7_X2M4QA',
    'UKK7X2M4QA=',
    'ÜKK7X2M4QA',
    'UKKı7X2M4Q',
  ])
    assert.equal(normalReceipt(text), undefined, text)
  assert.equal(normalReceipt('A'.repeat(41)), undefined)
})
