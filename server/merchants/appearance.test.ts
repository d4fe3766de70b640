import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, payer } from '../../testing/payer.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { createNode } from '../node.ts'
import { readImage } from './image.ts'

/** A green picture of 6 by 4 pixels. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAYAAACtBE5DAAAAI0lEQVR4AZTJMQ0AAAwCwYa14iqk/mcwAAOf/HTYP7oxoR4EAAD//7mMjokAAAAGSURBVAMAmTkKoQauYKsAAAAASUVORK5CYII=',
  'base64',
)

function send({ context, merchant }: Story, method: 'PUT' | 'DELETE', body?: Buffer, type = 'image/png') {
  const { app } = createNode(context)
  const headers = { 'X-API-Key': merchant.key, 'Content-Type': type }
  return Promise.resolve(app.request('/v1/merchant/logo', { method, headers, body: body && new Uint8Array(body) }))
}

test('a merchant’s colour is on the page of its payers, in a style that the page allows', () =>
  story({}, async (told) => {
    const changed = await told.call('PATCH', '/v1/merchant', { color: '#FFCC00' })
    assert.deepEqual([changed.status, changed.body.data.color], [200, '#ffcc00'])
    assert.equal((await told.call('GET', '/v1/merchant')).body.data.color, '#ffcc00')
    const answer = await payer(told).raw(pathOf(await told.pay({ phone: undefined })))
    const page = await answer.text()
    assert.ok(page.includes('<style>:root{--brand:#ffcc00;--on-brand:#000}</style>'))
    const sources = answer.headers.get('Content-Security-Policy')!.match(/'sha256-[^']+'/g)
    assert.equal(
      sources?.length,
      6,
      'the styles of every page, of a bill and of a frame, the merchant’s, and both scripts',
    )
  }))

for (const color of ['green', '#0b6', '#0b6b4f;}', '#zzzzzz', 7, '']) {
  test(`${JSON.stringify(color)} is no colour`, () =>
    story({}, async ({ call }) => {
      const { status, body } = await call('PATCH', '/v1/merchant', { color })
      assert.deepEqual([status, body.error.param], [400, 'color'])
    }))
}

test('a logo is kept in the database, shown to payers, and given out as a picture and nothing else', () =>
  story({}, async (told) => {
    const put = await send(told, 'PUT', png, 'application/octet-stream')
    const { data } = (await put.json()) as { data: { logo_url: string; type: string; width: number; height: number } }
    assert.deepEqual([put.status, data.type, data.width, data.height], [200, 'image/png', 6, 4])
    assert.equal((await told.call('GET', '/v1/merchant')).body.data.logo_url, data.logo_url)

    const { pathname, search } = new URL(data.logo_url)
    const page = await (await payer(told).raw(pathOf(await told.pay({ phone: undefined })))).text()
    assert.ok(page.includes(`src="${pathname}${search}"`))
    const picture = await payer(told).raw(pathname + search)
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), png)
    const { headers } = picture
    assert.equal(headers.get('Content-Type'), 'image/png')
    assert.equal(headers.get('X-Content-Type-Options'), 'nosniff')
    assert.match(headers.get('Content-Security-Policy')!, /default-src 'none'; sandbox/)
    assert.equal(headers.get('Cache-Control'), 'public, max-age=31536000, immutable')
    const again = await payer(told).raw(pathname, { 'If-None-Match': headers.get('ETag')! })
    assert.deepEqual([again.status, again.headers.get('Cache-Control')], [304, 'public, max-age=0, must-revalidate'])
    const actions = await told.context.database.query(
      sql`select action, details from audit_log where action like 'merchant.logo%'`,
    )
    assert.deepEqual(actions, [
      { action: 'merchant.logo_changed', details: { type: 'image/png', width: 6, height: 4, bytes: png.length } },
    ])
  }))

test('a logo that is taken away leaves the first letter of the name', () =>
  story({}, async (told) => {
    const { data } = (await (await send(told, 'PUT', png)).json()) as { data: { logo_url: string } }
    for (let times = 0; times < 2; times++) assert.equal((await send(told, 'DELETE')).status, 200)
    assert.equal((await told.call('GET', '/v1/merchant')).body.data.logo_url, null)
    const page = await (await payer(told).raw(pathOf(await told.pay({ phone: undefined })))).text()
    assert.match(page, /<span class="badge" aria-hidden="true">D<\/span>/)
    assert.equal((await payer(told).raw(new URL(data.logo_url).pathname)).status, 404)
  }))

for (const [what, bytes, status, sentence] of [
  [
    'a drawing with a script',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
    400,
    /a PNG, a JPEG or a WebP/,
  ],
  [
    'a page that says it is a picture',
    Buffer.from('<!doctype html><script>alert(1)</script>'),
    400,
    /a PNG, a JPEG or a WebP/,
  ],
  ['the beginning of a picture', png.subarray(0, 20), 400, /a PNG, a JPEG or a WebP/],
  ['nothing', Buffer.alloc(0), 400, /a PNG, a JPEG or a WebP/],
  ['more than 64 KB', Buffer.concat([png, Buffer.alloc(65_536)]), 413, /at most 64 KB/],
  ['a picture that would fill a phone’s memory', pngOf(30_000, 30_000), 400, /at most 1024 by 1024 pixels/],
  ['a picture without a size', pngOf(0, 4), 400, /at most 1024 by 1024 pixels/],
] as const) {
  test(`${what} is no logo`, () =>
    story({}, async (told) => {
      const answer = await send(told, 'PUT', bytes)
      const { error } = (await answer.json()) as { error: { message: string; param: string } }
      assert.deepEqual([answer.status, error.param], [status, 'logo'])
      assert.match(error.message, sentence)
    }))
}

for (const [what, bytes, type] of [
  ['PNG', pngOf(320, 200), 'image/png'],
  ['JPEG', jpegOf(320, 200), 'image/jpeg'],
  ['lossy WebP', webpOf('VP8 ', [...Buffer.from('3001009d012a', 'hex'), 0x40, 0x01, 0xc8, 0x00]), 'image/webp'],
  ['lossless WebP', webpOf('VP8L', [0x2f, 0x3f, 0xc1, 0x31, 0x00]), 'image/webp'],
  ['extended WebP', webpOf('VP8X', [0, 0, 0, 0, 0x3f, 0x01, 0x00, 0xc7, 0x00, 0x00]), 'image/webp'],
] as const) {
  test(`a ${what} tells its size itself`, () => {
    assert.deepEqual(readImage(bytes), { type, width: 320, height: 200 })
    for (let length = 0; length < 20; length++) assert.equal(readImage(bytes.subarray(0, length)), undefined)
  })
}

function pngOf(width: number, height: number): Buffer {
  const begins = Buffer.from(png.subarray(0, 33))
  begins.writeUInt32BE(width, 16)
  begins.writeUInt32BE(height, 20)
  return begins
}

function jpegOf(width: number, height: number): Buffer {
  const segment = Buffer.from('ffe000104a46494600010100000100010000', 'hex')
  const frame = Buffer.from('ffc00011080000000003011100021101031101', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from('ffd8', 'hex'), segment, frame])
}

function webpOf(kind: string, rest: number[]): Buffer {
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.from(kind), Buffer.alloc(4), Buffer.from(rest)])
}
