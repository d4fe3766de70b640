import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { qrBytesMax, qrCode } from './qr-code.ts'

test('a code has its three finders, and was read by an independent decoder', () => {
  const rows = qrCode(Buffer.from('PB|174379|100|INV-7|DUKA')).map((row) => row.map(Number).join(''))
  assert.equal(rows.length, 41)
  for (const row of [rows[0], rows[6], rows[34], rows[40]]) assert.match(row ?? '', /^1111111/)
  assert.equal(
    createHash('sha256').update(rows.join('\n')).digest('hex'),
    '0b7425987af7e0f749aff1cff2e735d70230b8a6d797f19fd40487ca96ce4138',
  )
})

test('a code holds 134 bytes', () => {
  qrCode(new Uint8Array(qrBytesMax))
  assert.throws(() => qrCode(new Uint8Array(qrBytesMax + 1)), /holds 134 bytes/)
})
