import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from './database/connect.ts'
import { sql } from './database/sql.ts'
import { createLog, showError } from './log.ts'
import { makeToken } from './token.ts'

const id = '0193a6c1-77b2-7d0e-8f21-c4d5e6f70812'
const subject = { provider: 'mpesa', kind: 'payment', merchant_id: id, subject_id: id } as const

test('an error is logged without what a driver hangs on it', async () => {
  const database = connect('postgres://lango:hush-hush@127.0.0.1:1/lango')
  const error: unknown = await database.query(sql`select 1`).catch((thrown: unknown) => thrown)
  await database.end()
  const client = { connectionParameters: { password: 'hush-hush' } }
  const hung = Object.assign(error as Error, { client, detail: 'Failing row contains (254712345678).' })
  const text = JSON.stringify(showError(hung))
  assert.match(text, /"code":"ECONNREFUSED"/)
  assert.doesNotMatch(text, /hush-hush|254712345678/)
})

test('an error is logged with its causes, and with the first characters of a token alone', () => {
  const token = makeToken({ current: Buffer.alloc(32, 7), previous: [] }, subject)
  let line = ''
  const log = createLog('info', { write: (text) => void (line += text) })
  const cause = new Error(`POST /v1/in/${token} was cut`)
  log.error({ error: new TypeError('fetch failed', { cause }) }, 'A request failed.')
  const { error } = JSON.parse(line)
  assert.equal(error.type, 'TypeError')
  assert.equal(error.cause.message, `POST /v1/in/${token.slice(0, 8)}… was cut`)
  assert.equal(line.includes(token), false)
})

test('what was thrown and is no error is logged as a text', () => {
  assert.deepEqual(showError('no'), { type: 'string', message: 'no' })
  assert.equal(showError(undefined).message, 'undefined')
})
