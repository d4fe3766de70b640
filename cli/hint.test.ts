import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { quote } from './hint.ts'
import { nearest } from './nearest.ts'

test('a hint can be pasted, whatever stands in it', { skip: process.platform === 'win32' && 'another shell' }, () => {
  for (const name of ['demo', 'Duka la Juu', "Mama Mboga's", '$HOME `id` "x" \\', 'a;rm -rf b', '*', '', 'ß€漢'])
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quote(name)}`], { encoding: 'utf8' }), name)
  assert.equal(quote('payments:read,payments:write'), 'payments:read,payments:write')
})

test('what was meant is found by a letter too many, too few, changed or swapped', () => {
  const names = ['start', 'simulator', 'pay', 'payouts', 'merchants', 'migrate']
  for (const [typed, meant] of [
    ['strat', 'start'],
    ['satrt', 'start'],
    ['simulater', 'simulator'],
    ['merchant', 'merchants'],
    ['MIGRATE', 'migrate'],
    ['sim', 'simulator'],
    ['pya', 'pay'],
    ['frobnicate', undefined],
    ['', undefined],
  ] as const)
    assert.equal(nearest(typed, names), meant, typed)
})
