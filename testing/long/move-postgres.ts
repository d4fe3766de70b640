import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { readSecretKey, restoreBackup, startEmbedded } from '../../server/index.ts'
import { installLango } from '../command.ts'
import type { Lango } from '../command.ts'
import { oldPostgres } from '../old-postgres.ts'

let lango: Lango
let paid: { id: string; provider_receipt: string }

before(async () => {
  lango = await installLango()
  const running = await lango.started()
  const { data } = await lango.call('POST', '/v1/payments', { amount: 300, phone: '0708374149' })
  paid = await untilPaid(data.id)
  await running.end('SIGTERM')
})

after(() => lango.remove())

test('an installation whose database is of an older PostgreSQL does not start, says what to do, and is moved by one command', async () => {
  await ageTo(17)
  const refused = await lango.run(['start'])
  assert.equal(refused.code, 1)
  assert.match(
    refused.remark,
    /is of PostgreSQL 17, and this Lango brings 18\. Bring it over with: lango migrate --postgres/,
  )

  const programs = await oldPostgres(17)
  const moved = await lango.run(['migrate', '--postgres', '--programs', programs, '--json'])
  assert.equal(moved.code, 0, moved.remark)
  const { from, to, rows, kept } = JSON.parse(moved.answer)
  assert.deepEqual([from, to], [17, 18])
  assert.ok(rows > 20 && existsSync(join(kept, 'data', 'PG_VERSION')))

  const running = await lango.started()
  const { data } = await lango.call('GET', `/v1/payments/${paid.id}`)
  assert.deepEqual([data.status, data.provider_receipt], ['completed', paid.provider_receipt])
  await running.end('SIGTERM')
  assert.match((await lango.run(['migrate', '--postgres'])).answer, /Nothing was changed/)
})

test('a move that cannot be done leaves everything as it was', async () => {
  const before = readdirSync(lango.home)
  await ageTo(17, 'second')
  const failed = await lango.run(['migrate', '--postgres', '--programs', join(lango.home, 'nowhere')])
  assert.equal(failed.code, 1)
  assert.deepEqual(
    readdirSync(lango.home).filter((name) => !before.includes(name) && !name.endsWith('.second')),
    [],
  )
})

async function untilPaid(id: string): Promise<{ id: string; provider_receipt: string }> {
  for (;;) {
    const { data } = await lango.call('GET', `/v1/payments/${id}`)
    if (data.status === 'completed' && data.receipt_id) return data
    await pause(200)
  }
}

/** Makes the installation what it would be, had an older Lango made it: the same rows in an older PostgreSQL. */
async function ageTo(major: number, name = 'first'): Promise<void> {
  const file = join(lango.home, `..`, `${name}-${process.pid}.backup`)
  const backup = await lango.run(['backup', file, '--quick'])
  assert.equal(backup.code, 0, backup.remark)
  const directory = join(lango.home, 'database')
  renameSync(directory, `${directory}.${name}`)
  const old = await startEmbedded({ directory, programs: await oldPostgres(major) })
  const secretKey = readSecretKey(readFileSync(join(lango.home, 'secret-key'), 'utf8').trim())
  await restoreBackup(old.url, { file, key: { secretKey } })
  await old.stop()
}
