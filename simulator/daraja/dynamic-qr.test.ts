import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { readQrOfGrey } from '../../testing/read-qr.ts'
import { post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture, words } from '../testing/recordings.ts'

const path = '/mpesa/qrcode/v1/generate'
const body = fixture('dynamic-qr.request') as Record<string, unknown>

test('the answer is a square PNG of the size that was asked for, which reads as the request', async () => {
  const { simulator } = merchant()
  const { body: answer } = await post(simulator, path, body)
  assertShape(answer, 'dynamic-qr.accepted.code-00')
  assert.equal(answer.ResponseCode, '00')
  const png = Buffer.from(String(answer.QRCode), 'base64')
  assert.equal(png.subarray(1, 4).toString(), 'PNG')
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [300, 300])
  const data = png.indexOf('IDAT')
  const lines = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))
  assert.equal(lines.length, 301 * 300)
  const pixels = Buffer.concat(Array.from({ length: 300 }, (_, y) => lines.subarray(301 * y + 1, 301 * (y + 1))))
  assert.equal(readQrOfGrey(pixels, 300), 'BG|373132|1|Invoice Test|TEST SUPERMARKET')
})

test('a switch answers with an id for a code, as the portal does', async () => {
  const { simulator } = merchant({ settings: { qr_answer: 'portal' } })
  const { body: answer } = await post(simulator, path, body)
  assert.match(String(answer.ResponseCode), /^AG_/)
})

test('an unknown kind of code is refused, and so is a bad token, in the words of this family', async () => {
  const { simulator } = merchant()
  assert.equal(
    (await post(simulator, path, { ...body, TrxCode: 'XX' })).body.errorMessage,
    'Bad Request - Invalid TrxCode',
  )
  const bad = await post(simulator, path, body, { token: 'bad' })
  assert.deepEqual(words(bad.body), words(fixture('token.refused.400.003.01')))
})
