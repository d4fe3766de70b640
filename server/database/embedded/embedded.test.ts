import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'

import { Client } from 'pg'

import { startEmbedded } from './embedded.ts'
import type { Embedded, EmbeddedOptions } from './embedded.ts'
import { canEnter } from './postgres-user.ts'
import { replacementOf } from './replace.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
const nobody = { name: 'nobody', uid: NOBODY, gid: NOBODY }
const canBeNobody =
  isRoot && [import.meta.dirname, dirname(process.execPath)].every((folder) => canEnter(folder, nobody))

let directory: string
let running: Embedded[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lango-embedded-'))
  running = []
})

afterEach(async () => {
  for (const embedded of running) await embedded.stop()
  rmSync(directory, { recursive: true, force: true })
})

test('the first start makes the database, and later starts find the data', async () => {
  const first = await start()
  assert.equal(first.firstStart, true)
  await query(first.url, "create table notes as select 'kept' as text")
  await first.stop()

  const second = await start()
  assert.equal(second.firstStart, false)
  assert.deepEqual(await query(second.url, 'select text from notes'), [{ text: 'kept' }])
})

test('data of another PostgreSQL is not touched, and whoever starts is told what to do', async () => {
  const first = await start()
  await first.stop()
  const version = join(directory, 'data', 'PG_VERSION')
  const own = readFileSync(version, 'utf8')
  writeFileSync(version, '17\n')
  await assert.rejects(start(), {
    name: 'CannotStart',
    message: `The database in ${directory} is of PostgreSQL 17, and this Lango brings ${own.trim()}. Bring it over with: lango migrate --postgres`,
  })
  writeFileSync(version, '99\n')
  await assert.rejects(start(), { message: /brings \d+, which is older\. Use the newer Lango again\.$/ })
  writeFileSync(version, own)
  await start()
})

test('a database that was moved away before its replacement took its place is replaced at the next start', async () => {
  const first = await start({ directory: replacementOf(directory) })
  await query(first.url, "create table notes as select 'moved' as text")
  await first.stop()
  rmSync(directory, { recursive: true })
  const second = await start()
  assert.deepEqual(await query(second.url, 'select text from notes'), [{ text: 'moved' }])
})

test('a second start on the same data is refused while the first runs', async () => {
  const first = await start()
  await assert.rejects(start(), {
    name: 'CannotStart',
    message:
      `Lango is already running on this data (process ${process.pid}). ` +
      'Stop it, or set LANGO_HOME to another directory.',
  })
  await query(first.url, 'select 1')
  await first.stop()
  await start()
})

test('what was committed survives the sudden death of PostgreSQL', async () => {
  const first = await start()
  await query(first.url, "create table notes as select 'kept' as text")
  process.kill(postmasterPid(), 'SIGKILL')
  await first.stop()

  const next = await start()
  assert.deepEqual(await query(next.url, 'select text from notes'), [{ text: 'kept' }])
})

test('a PostgreSQL that dies is brought back where it was, and each death is told once', async () => {
  const said: string[] = []
  const { url } = await start({ log: (sentence) => said.push(sentence) })
  await query(url, "create table notes as select 'kept' as text")
  said.length = 0
  for (const deaths of [1, 2]) {
    const dead = postmasterPid()
    process.kill(dead, 'SIGKILL')
    await untilSaid(said, 2 * deaths)
    assert.notEqual(postmasterPid(), dead)
    assert.deepEqual(await query(url, 'select text from notes'), [{ text: 'kept' }])
  }
  const told = ['PostgreSQL has ended unexpectedly. It is being brought back.', 'PostgreSQL is back.']
  assert.deepEqual(said, [...told, ...told])
})

test('a PostgreSQL that cannot be brought back is tried again until it can, and the reason is told once', async () => {
  const said: string[] = []
  const { url } = await start({ log: (sentence) => said.push(sentence) })
  said.length = 0
  const settings = join(directory, 'data', 'postgresql.conf')
  const good = readFileSync(settings, 'utf8')
  writeFileSync(settings, `${good}\nmax_connections = plenty\n`)
  process.kill(postmasterPid(), 'SIGKILL')
  const logFile = join(directory, 'postgres.log')
  await until(() => readFileSync(logFile, 'utf8').split('contains errors').length > 2)
  writeFileSync(settings, good)
  await untilSaid(said, 3)
  assert.match(said[1]!, /^PostgreSQL did not start\. .*contains errors \(The log is .*postgres\.log\.\)$/)
  assert.equal(said[2], 'PostgreSQL is back.')
  await query(url, 'select 1')
})

test('a PostgreSQL that is being brought back can be stopped', async () => {
  const first = await start()
  process.kill(postmasterPid(), 'SIGKILL')
  await first.stop()
  await assert.rejects(query(first.url, 'select 1'), { code: /ENOENT|ECONNREFUSED/ })
})

test('what was committed survives the sudden death of Lango', async () => {
  const { child, url } = await startInChild()
  await query(url, "create table notes as select 'kept' as text")
  const orphan = postmasterPid()
  child.kill('SIGKILL')
  await once(child, 'exit')
  process.kill(orphan, 0)

  const next = await start()
  assert.equal(next.firstStart, false)
  assert.notEqual(postmasterPid(), orphan)
  assert.deepEqual(await query(next.url, 'select text from notes'), [{ text: 'kept' }])
})

test('what was committed survives the sudden death of both', async () => {
  const { child, url } = await startInChild()
  await query(url, "create table notes as select 'kept' as text")
  process.kill(postmasterPid(), 'SIGKILL')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const next = await start()
  assert.deepEqual(await query(next.url, 'select text from notes'), [{ text: 'kept' }])
})

test('a process that has the number of a dead PostgreSQL is left alone', async () => {
  await (await start()).stop()
  const { data } = place()
  const bystander = spawn('sleep', ['60'], isRoot ? { uid: statSync(data).uid } : {})
  try {
    await once(bystander, 'spawn')
    const claim = [bystander.pid, data, 0, 5432, data, '', '', 'ready']
    writeFileSync(join(data, 'postmaster.pid'), `${claim.join('\n')}\n`)
    await start()
    assert.equal(bystander.exitCode ?? bystander.signalCode, null)
  } finally {
    bystander.kill()
  }
})

test('a port can be asked for, and only this machine reaches it', async () => {
  const { url } = await start({ port: 54_329 })
  assert.match(url, /@127\.0\.0\.1:54329\/lango$/)
  assert.deepEqual(await query(url, 'show listen_addresses'), [{ listen_addresses: '127.0.0.1' }])
})

test('a stranger to the password is turned away', async () => {
  const { url } = await start()
  const wrong = url.replace(/:\w+@/, ':guess@')
  await assert.rejects(query(wrong, 'select 1'), { code: '28P01' })
})

test('a start that fails says why in one sentence, and leaves the data free', async () => {
  await assert.rejects(start({ settings: { shared_buffers: 'plenty' } }), {
    name: 'CannotStart',
    message: /^PostgreSQL did not start\. invalid value for parameter "shared_buffers": "plenty" \(The log is .*\)$/,
  })
  await start()
})

test('a database whose password was lost is not opened by another', async () => {
  await (await start()).stop()
  rmSync(join(directory, 'password'))
  await assert.rejects(start(), { name: 'CannotStart', message: /password, is missing\. Bring it back\.$/ })
})

test('as root, PostgreSQL runs as a user without power', { skip: !isRoot && 'only root' }, async () => {
  await start()
  assert.notEqual(statSync(place().data).uid, 0)
})

test('as root, where only root may enter, the data is kept elsewhere', { skip: !isRoot && 'only root' }, async () => {
  const closed = directory
  directory = join(closed, 'lango')
  chmodSync(closed, 0o700)
  const said: string[] = []
  const first = await start({ log: (sentence) => said.push(sentence) })
  const { data, isLink } = place()
  try {
    assert.equal(isLink, true)
    assert.match(said.join('\n'), /cannot enter/)
    await query(first.url, "create table notes as select 'kept' as text")
    await first.stop()
    const second = await start()
    assert.equal(second.firstStart, false)
    assert.deepEqual(await query(second.url, 'select text from notes'), [{ text: 'kept' }])
    await second.stop()

    rmSync(dirname(data), { recursive: true })
    await assert.rejects(start(), { name: 'CannotStart', message: /leads to is gone/ })
  } finally {
    rmSync(dirname(data), { recursive: true, force: true })
    directory = closed
  }
})

test('an ordinary user runs it as well', { skip: !canBeNobody && 'only root, in a folder open to all' }, async () => {
  chownSync(directory, NOBODY, NOBODY)
  const { child, url } = await startInChild(NOBODY)
  await query(url, "create table notes as select 'kept' as text")
  assert.equal(statSync(place().data).uid, NOBODY)
  child.kill('SIGTERM')
  await once(child, 'exit')

  // Root takes over data that a user made, and runs PostgreSQL as that user.
  const asRoot = await start()
  assert.deepEqual(await query(asRoot.url, 'select text from notes'), [{ text: 'kept' }])
})

test("another user's data is not touched", { skip: !canBeNobody && 'only root, in a folder open to all' }, async () => {
  chownSync(directory, NOBODY, NOBODY)
  mkdirSync(join(directory, 'data'))
  await assert.rejects(startInChild(NOBODY), /belongs to another user \(uid 0\): start Lango as that user or as root\./)
})

async function start(options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const embedded = await startEmbedded({ directory, ...options })
  running.push(embedded)
  return embedded
}

/** Starts it in a Lango of its own, which can be killed. SIGTERM stops it in good order. */
async function startInChild(uid?: number): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(import.meta.resolve('./embedded.ts'))}
    const embedded = await startEmbedded({ directory: ${JSON.stringify(directory)} })
    const alive = setInterval(() => {}, 60_000)
    process.on('SIGTERM', () => void embedded.stop().then(() => clearInterval(alive)))
    console.log(embedded.url)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { uid, gid: uid })
  const complaint: string[] = []
  child.stderr.on('data', (text: Buffer) => complaint.push(text.toString()))
  for await (const url of createInterface(child.stdout)) return { child, url }
  throw new Error(complaint.join(''))
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client(url)
  // Its server may be killed while it is connected.
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows as unknown[]
  } finally {
    await client.end()
  }
}

const untilSaid = (said: string[], count: number) => until(() => said.length >= count)

async function until(holds: () => boolean): Promise<void> {
  const timeout = AbortSignal.timeout(60_000)
  while (!holds()) await wait(10, undefined, { signal: timeout })
}

function place(): { data: string; isLink: boolean } {
  const path = join(directory, 'data')
  return { data: realpathSync(path), isLink: lstatSync(path).isSymbolicLink() }
}

function postmasterPid(): number {
  return Number(readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0])
}
