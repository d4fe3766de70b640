import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { bytesOf, drawBadge, newPdf, plain } from './pdf.ts'

type Head = { side?: number; depth?: number; color?: number; interlaced?: boolean }

const side = 6
/** So many lines of a picture of four samples for each pixel, each behind the number of its filter. */
const linesOf = (filter = 0, count = side) =>
  Buffer.alloc(count * (1 + 4 * side), Buffer.alloc(1 + 4 * side).fill(filter, 0, 1))
const whole = deflateSync(linesOf())

function part(name: string, data: Buffer, length = data.length): Buffer {
  const written = Buffer.alloc(12 + data.length)
  written.writeUInt32BE(length, 0)
  written.write(name, 4, 'latin1')
  data.copy(written, 8)
  written.writeUInt32BE(crc32(written.subarray(4, 8 + data.length)), 8 + data.length)
  return written
}

function headOf({ side: length = side, depth = 8, color = 6, interlaced = false }: Head = {}): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(length, 0)
  data.writeUInt32BE(length, 4)
  data.set([depth, color, 0, 0, Number(interlaced)], 8)
  return part('IHDR', data)
}

const end = part('IEND', Buffer.alloc(0))
const png = (...parts: Buffer[]) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...parts])

async function hasPicture(bytes: Buffer): Promise<boolean> {
  const doc = newPdf({ compress: false })
  const logo = { type: 'image/png' as const, bytes, width: side, height: side, merchant_id: '', version: '' }
  drawBadge(doc, { logo, color: '#0b6b4f', name: 'Duka', x: 10, y: 10, side: 40 })
  return (await bytesOf(doc)).includes('/Subtype /Image')
}

test('a logo with alpha is drawn in a PDF, in however many parts it came', async () => {
  assert.ok(await hasPicture(png(headOf(), part('IDAT', whole), end)))
  const [first, second] = [whole.subarray(0, 5), whole.subarray(5)]
  assert.ok(
    await hasPicture(png(headOf(), part('IDAT', first), part('tEXt', Buffer.from('a\0b')), part('IDAT', second), end)),
  )
})

const broken: [what: string, bytes: Buffer][] = [
  ['is not packed', png(headOf(), part('IDAT', Buffer.from('no pixels')), end)],
  ['is cut off', png(headOf(), part('IDAT', whole.subarray(0, 9)), end)],
  ['has no end', png(headOf(), part('IDAT', whole))],
  ['has a line too few', png(headOf(), part('IDAT', deflateSync(linesOf(0, side - 1))), end)],
  ['unpacks to more than it says', png(headOf(), part('IDAT', deflateSync(Buffer.alloc(1_000_000))), end)],
  ['names a filter that there is not', png(headOf(), part('IDAT', deflateSync(linesOf(9))), end)],
  ['names a colour that there is not', png(headOf({ color: 5 }), part('IDAT', whole), end)],
  ['names a depth that there is not', png(headOf({ depth: 9 }), part('IDAT', whole), end)],
  ['says twice how large it is', png(headOf(), headOf({ side: 0xffff }), part('IDAT', whole), end)],
  ['has a part longer than itself', png(headOf(), part('IDAT', whole, 0x7fffffff), end)],
  ['is interlaced', png(headOf({ interlaced: true }), part('IDAT', whole), end)],
  ['is nothing but its beginning', png()],
]

for (const [what, bytes] of broken)
  test(`a logo that ${what} is the first letter of the name in a PDF, and ends no process`, async () =>
    assert.equal(await hasPicture(bytes), false))

test('emoji, for which paper has no font, are left out of a name, and nothing else is', () => {
  assert.equal(plain('Mama Njeri 🌸 Salon ❤️ 🇰🇪 👩🏾‍🍳'), 'Mama Njeri Salon')
  assert.equal(plain('Duka #1 * № 5 © 2026 ™'), 'Duka #1 * № 5 © 2026 ™')
  assert.equal(plain('🌸'), '🌸')
})

test('a name in letters that the fonts have not ends no document', async () => {
  const doc = newPdf({})
  for (const name of ['دكان الأمانة', '商店', '🌸', '\u{10ffff}', '\ud800'])
    drawBadge(doc.text(plain(name)), { color: '#0b6b4f', name, x: 10, y: 10, side: 40 })
  assert.ok((await bytesOf(doc)).length > 1000)
})
