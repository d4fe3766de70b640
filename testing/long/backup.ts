import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { fill } from '../../bench/fill.ts'
import { contextOf } from '../../bench/growth.ts'
import { secretKey } from '../../bench/prepare.ts'
import { claimInstallation, connect, migrate, startEmbedded } from '../../server/index.ts'
import type { Finding } from '../../server/index.ts'
import { raw } from '../../server/database/sql.ts'
import { root } from '../tidy.ts'

/**
 * `node testing/long/backup.ts --payments 1000000`: a year of business is backed up by `lango backup`, which proves it by restoring
 * it, and brought back by `lango restore` into an empty database. What merchants have there, by status, is what they had, and
 * `lango doctor --all` says of it what it says of where it came from: that the books hold, and that nobody does what is due there. Prints how long each took, how large the file is, and how much memory the command
 * had at most, which may not follow the number of payments.
 */
const { values } = parseArgs({ options: { payments: { type: 'string', default: '1000000' } } })
const payments = Number(values.payments)
const memoryMbMax = 400

const home = mkdtempSync(join(tmpdir(), 'lango-backup-'))
const embedded = await startEmbedded({ directory: join(home, 'cluster'), durable: false })
try {
  const [filled, restored] = await Promise.all([newDatabase('filled'), newDatabase('restored')])
  await timed('fill', () => filling(filled))
  const file = join(home, 'whole.backup')
  await lango(['backup', file], filled)
  console.log(`the file: ${megabytes(statSync(file).size)} MB`)
  await lango(['restore', file], restored)
  const [before, after] = [await holdings(filled), await holdings(restored)]
  assert.ok(before.length > 40, 'there is something of every kind')
  assert.deepEqual(after, before)
  console.log(`${before.length} sums of what merchants have agree`)
  const [said, saysNow] = [await toBeFixed(filled), await toBeFixed(restored)]
  console.log(`The doctor would have fixed, in both: ${said.join('; ')}`)
  assert.deepEqual(saysNow, said)
} finally {
  await embedded.stop()
  rmSync(home, { recursive: true, force: true })
}

async function newDatabase(name: string): Promise<string> {
  const database = connect(embedded.url, { connections: 1 })
  await database.query(raw(`create database ${name} template template0`))
  await database.end()
  const url = new URL(embedded.url)
  url.pathname = `/${name}`
  return url.href
}

async function filling(url: string): Promise<void> {
  const database = connect(url)
  await migrate(database)
  const context = contextOf(database)
  await claimInstallation(database, context.config.secretKeys, context.clock.now())
  await fill(context, { payments })
  await database.end()
}

type Holding = { what: string; merchant_id: string; status: string; count: number; cents: number }

/** What each merchant has of all that is money, counted apart from what backups count by. */
async function holdings(url: string): Promise<Holding[]> {
  const database = connect(url, { connections: 1 })
  const rows = await database.query<Holding>(
    raw(`
    select what, merchant_id, status, count(*) as count, sum(cents)::bigint as cents from (
      select 'payments' as what, merchant_id, status, amount_cents as cents from payments
      union all select 'money in', merchant_id, case when payment_id is null then 'unmatched' else 'matched' end, amount_cents from money_in
      union all select 'refunds', merchant_id, status, amount_cents from refunds
      union all select 'receipts', merchant_id, year::text, amount_cents from receipts
      union all select 'invoices', merchant_id, status, paid_cents from invoices
    ) held group by 1, 2, 3 order by 1, 2, 3`),
  )
  await database.end()
  return rows
}

/** What the doctor finds wrong, by its name. That the books hold `lango restore` has seen already, or it had failed. */
async function toBeFixed(url: string): Promise<string[]> {
  const findings = JSON.parse(await lango(['doctor', '--all', '--json'], url, [0, 1])) as Finding[]
  return findings.filter(({ state }) => state === 'fix').map(({ name }) => name)
}

/** A command as its own process, which tells at its end how much memory it had. */
async function lango(argv: string[], DATABASE_URL: string, codes = [0]): Promise<string> {
  const peak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))`
  const child = spawn(process.execPath, ['--import', peak, join(root, 'cli/lango.mjs'), ...argv], {
    env: { ...process.env, LANGO_HOME: home, LANGO_SECRET_KEY: secretKey, DATABASE_URL },
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [answer, remark, [code]] = await timed(argv[0]!, () =>
    Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]),
  )
  assert.ok(codes.includes(code), `${argv.join(' ')}: ${remark}\n${answer}`)
  const peakMb = Number(/peak (\d+)$/.exec(remark)![1]) / 1024
  console.log(`${argv[0]}: at most ${peakMb.toFixed(0)} MB of memory`)
  assert.ok(peakMb < memoryMbMax, `${argv[0]} had ${peakMb} MB of memory`)
  return answer
}

async function timed<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begun = process.hrtime.bigint()
  const result = await work()
  console.log(`${what}: ${(Number(process.hrtime.bigint() - begun) / 1e9).toFixed(0)} s`)
  return result
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
