import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plot, scaleOf } from './plot.ts'

test('an axis is written with a few round figures, of which the last is not below the most', () => {
  assert.deepEqual(scaleOf([0, 2_944], [0, 100]).ticks, [0, 1_000, 2_000, 3_000])
  assert.deepEqual(scaleOf([8.8], [0, 100]).ticks, [0, 2, 4, 6, 8, 10])
  assert.deepEqual(scaleOf([5], [0, 100]).ticks, [0, 1, 2, 3, 4, 5])
})

test('an axis of powers of ten reaches from the one below the least to the one above the most', () => {
  const { ticks, at } = scaleOf([3, 2_400], [200, 0], { isLog: true })
  assert.deepEqual(ticks, [1, 10, 100, 1_000, 10_000])
  assert.deepEqual([1, 10, 10_000].map(at), [200, 150, 0])
})

test('a value stands as far along as its share of the whole', () => {
  const { at } = scaleOf([100], [60, 460])
  assert.deepEqual([0, 25, 100].map(at), [60, 160, 460])
})

test('the names of lines that end at the same height do not touch', () => {
  const lines = ['one', 'other'].map((name) => ({ name, tone: 'own' as const, points: [[1, 5]] as [number, number][] }))
  const picture = plot({ title: 'Rates', description: '' }, [{ title: 'Rate', along: 'load', lines }])
  const heights = ['one', 'other'].map((name) => Number(new RegExp(`y="([\\d.]+)">${name}<`).exec(picture)?.[1]))
  assert.equal(heights[1]! - heights[0]!, 20)
})

test('what is written in a picture is text, whatever it says', () => {
  const picture = plot({ title: 'p99 < 50 & more', description: '' }, [])
  assert.match(picture, /<title id="title">p99 &lt; 50 &amp; more<\/title>/)
})
