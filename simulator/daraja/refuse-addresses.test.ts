import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, operator } from '../testing/operator.ts'

test('a result address that Safaricom cannot reach is explained in the log, and refused when strict', async () => {
  const local = { ResultURL: 'http://localhost:3000/mpesa/result' }
  const { simulator } = operator()
  assert.equal((await ask(simulator, 'b2c', local)).status, 200)
  const [word, host] = simulator.log().find(({ api }) => api === 'b2c')?.warnings ?? []
  assert.match(word ?? '', /^Taken: ResultURL contains "mpesa", which Safaricom forbids in addresses \(/)
  assert.match(host ?? '', /^Taken: ResultURL is private: Safaricom cannot reach it \(/)
  const strict = operator({ strict: true })
  const { body } = await ask(strict.simulator, 'b2c', local)
  assert.equal(body.errorMessage, 'Bad Request - Invalid ResultURL')
})
