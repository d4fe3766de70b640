import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { newId } from '../id.ts'
import type { Callback } from './callback.ts'
import { createSpool } from './spool.ts'

let folder: string
beforeEach(() => void (folder = join(mkdtempSync(join(tmpdir(), 'lango-spool-')), 'spool')))
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const at = new Date('2026-11-20T11:30:00Z')

function callback(text = '{"Body":{}}'): Callback {
  const id = newId(at)
  return {
    id,
    merchant_id: id,
    kind: 'payment',
    subject_id: id,
    received_at: at,
    path: '/v1/in/0123abcd…',
    source_address: '196.201.214.200',
    headers: { 'user-agent': 'Safaricom' },
    body: Buffer.from(text),
  }
}

/** Drains a spool into a list. */
async function drained(spool = createSpool(folder)) {
  const callbacks: Callback[] = []
  const result = await spool.drain(async (taken) => {
    callbacks.push(...taken)
    return 0
  })
  return { callbacks, ...result }
}

test('what was kept comes back exactly, whatever bytes it has', async () => {
  const spool = createSpool(folder)
  const kept = [callback(), callback('no JSON\n\u2028 "' + '\u0000ÿ'), callback('')]
  await Promise.all(kept.map((each) => spool.keep(each)))
  assert.deepEqual(await spool.state(), { count: 3, oldest_at: at })
  assert.deepEqual((await drained(spool)).callbacks, kept)
  assert.deepEqual(await spool.state(), { count: 0, oldest_at: null })
  assert.deepEqual(readdirSync(folder), [])
})

test('many callbacks at once share a write', async () => {
  const spool = createSpool(folder)
  const kept = Array.from({ length: 1000 }, () => callback())
  const startedAt = process.hrtime.bigint()
  await Promise.all(kept.map((each) => spool.keep(each)))
  assert.ok(process.hrtime.bigint() - startedAt < 2_000_000_000n, 'a thousand writes to the disk would take longer')
  assert.equal((await drained(spool)).taken, 1000)
})

test('a last line that was cut short is cut off, and all before it come back', async () => {
  const spool = createSpool(folder)
  const kept = [callback(), callback()]
  for (const each of kept) await spool.keep(each)
  const path = join(folder, readdirSync(folder)[0]!)
  const length = readFileSync(path).length
  for (const cut of [1, 20, 200]) {
    truncateSync(path, length - cut)
    assert.equal((await createSpool(folder).state()).count, 1)
  }
  const { callbacks, putAside } = await drained()
  assert.deepEqual(callbacks, [kept[0]])
  assert.equal(putAside, 0)
  assert.deepEqual(readdirSync(folder), [])
})

test('a line that was damaged later is put aside with its file, and all others come back', async () => {
  const spool = createSpool(folder)
  for (let count = 0; count < 3; count++) await spool.keep(callback())
  const path = join(folder, readdirSync(folder)[0]!)
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(path, [lines[0], lines[1]!.replace('Safaricom', 'safaricom'), lines[2], ''].join('\n'))
  const { callbacks, putAside } = await drained()
  assert.equal(callbacks.length, 2)
  assert.equal(putAside, 1)
  assert.match(readdirSync(folder)[0]!, /\.damaged$/)
})

test('what another process left behind is taken over', async () => {
  const dead = createSpool(folder)
  await dead.keep(callback())
  const living = createSpool(folder)
  await living.keep(callback())
  assert.equal((await living.state()).count, 2)
  assert.equal((await drained(living)).taken, 2)
})

test('what is written while another node drains is neither lost nor left behind', async () => {
  const [writer, drainer] = [createSpool(folder), createSpool(folder)]
  const kept = Array.from({ length: 300 }, () => callback())
  const found = new Set<string>()
  const drain = async () => (await drained(drainer)).callbacks.forEach(({ id }) => found.add(id))
  let isWriting = true
  const draining = (async () => {
    while (isWriting) {
      await drain()
      await new Promise((resolve) => setTimeout(resolve, 3))
    }
  })()
  for (let from = 0; from < kept.length; from += 3) {
    await Promise.all(kept.slice(from, from + 3).map((each) => writer.keep(each)))
  }
  isWriting = false
  await draining
  await drain()
  assert.equal(found.size, kept.length)
})

test('nobody is told that a callback is kept before the disk has it', async (t) => {
  const handle = await open(tmpdir())
  const files = Object.getPrototypeOf(handle) as FileHandle
  await handle.close()
  const disk = Promise.withResolvers<void>()
  const asked = new Promise<void>((resolve) =>
    t.mock.method(files, 'datasync', () => {
      resolve()
      return disk.promise
    }),
  )
  let isKept = false
  const keeping = createSpool(folder)
    .keep(callback())
    .then(() => (isKept = true))
  assert.equal(await Promise.race([asked.then(() => 'the disk'), keeping.then(() => 'nobody')]), 'the disk')
  assert.equal(isKept, false)
  disk.resolve()
  await keeping
})

test('when the database fails midway, everything stays', async () => {
  const spool = createSpool(folder)
  await spool.keep(callback())
  await assert.rejects(
    spool.drain(() => Promise.reject(new Error('Away again.'))),
    /Away again/,
  )
  assert.equal((await drained()).taken, 1)
})

test('when the disk has no room, the caller is told', async () => {
  // A file stands where the folder should be: nothing can be written there either.
  appendFileSync(folder, '')
  await assert.rejects(createSpool(folder).keep(callback()), { code: /EEXIST|ENOTDIR/ })
})
