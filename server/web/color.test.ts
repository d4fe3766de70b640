import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { brandStyle, contrast, readableOn } from './color.ts'

for (const [one, other, ratio] of [
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#777777', '#ffffff', 4.48],
  ['#0b6b4f', '#ffffff', 6.5],
] as const) {
  test(`${one} and ${other} are ${ratio} apart`, () => {
    assert.ok(Math.abs(contrast(one, other) - ratio) < 0.05, String(contrast(one, other)))
    assert.equal(contrast(one, other), contrast(other, one))
  })
}

test('on any colour the words can be read', () => {
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
  fc.assert(fc.property(hex, (color) => contrast(color, readableOn(color) === '#fff' ? '#ffffff' : '#000000') >= 4.5))
})

test('a button as dark as the sheet under it has an edge in the dark', () => {
  assert.match(brandStyle('#101828').text, /prefers-color-scheme:dark.*--brand-edge/)
  assert.doesNotMatch(brandStyle('#ffcc00').text, /dark/)
})
