import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../problem.ts'
import { refusedBy } from './form.ts'

test('a form that was refused says why to its reader, and nothing of the API', () => {
  const problem = new Problem('conflict', { said: 'It is there already.', byApi: 'Change it with PATCH /v1/merchant.' })
  assert.equal(problem.message, 'It is there already. Change it with PATCH /v1/merchant.')
  assert.equal(refusedBy(problem, 'add', {}).refused.message, 'It is there already.')
})
