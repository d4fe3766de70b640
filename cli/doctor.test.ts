import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '@lango/server'
import { report } from './commands/doctor.ts'

const ok: Finding = { name: 'the clocks agree', state: 'ok', count: 0, examples: [], advice: 'Set both.' }
const seen: Finding = { ...ok, name: 'callbacks come through', examples: ['The last came today.'] }
const wrong: Finding = { ...ok, name: 'C2B is registered', state: 'fix', count: 7, examples: ['600000 is not.'] }
const unknown: Finding = { ...ok, name: 'backups are recent', state: 'unknown', examples: ['Nobody can tell.'] }

test('each finding is ok, or to be fixed and how, or could not be looked at and why', () => {
  assert.equal(
    report([ok, seen, wrong, unknown]),
    `  ok              the clocks agree
  ok              callbacks come through
                  The last came today.
  fix this:       C2B is registered (7)
                  600000 is not.
                  Set both.
  could not look: backups are recent
                  Nobody can tell.

1 of 4 must be fixed, and 1 could not be looked at.`,
  )
})

test('the verdict says that all is well only where all was looked at', () => {
  const verdict = (...findings: Finding[]) => report(findings).split('\n').at(-1)
  assert.equal(verdict(ok, seen), 'All 2 findings are as they should be.')
  assert.equal(verdict(ok, unknown), 'Nothing must be fixed. 1 could not be looked at, of 2.')
  assert.equal(verdict(ok, wrong), '1 of 2 must be fixed.')
})
