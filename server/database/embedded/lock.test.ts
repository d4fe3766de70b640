import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { takeLock } from './lock.ts'
import { thisProcess } from './process.ts'

const [, , given] = process.argv
const folder = given ?? mkdtempSync(join(tmpdir(), 'lango-lock-'))
const path = join(folder, 'lock')
const witness = join(folder, 'witness')

const rounds = 40

/** Takes the lock again and again, and answers how often; with an error should anybody else hold it then. */
async function contend(): Promise<number> {
  let taken = 0
  for (let round = 0; round < rounds; round++) {
    const release = await takeLock(path)
    if (typeof release !== 'function') continue
    taken++
    writeFileSync(witness, '', { flag: 'wx' })
    await wait(1)
    rmSync(witness)
    release()
  }
  return taken
}

if (given) process.send!(await contend().catch(String))
else {
  after(() => rmSync(folder, { recursive: true }))
  beforeEach(() => readdirSync(folder).forEach((name) => rmSync(join(folder, name))))

  test('of many that start at once never two have the lock, whatever a dead one has left', async () => {
    const dead = JSON.stringify({ ...thisProcess(), started: 'long ago' })
    writeFileSync(path, dead)
    writeFileSync(`${path}.${Buffer.from(dead).toString('base64url')}`, '')
    writeFileSync(`${path}.cut`, '')
    const children = [1, 2, 3, 4].map(() => fork(import.meta.filename, [folder], { execArgv: [] }))
    const taken = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as number | string))
    assert.ok(
      taken.some((times) => Number(times) > 0) && taken.every((times) => typeof times === 'number'),
      taken.join(),
    )
    assert.deepEqual(readdirSync(folder), ['lock'])
  })

  test('whoever has it is named to others, and has it until it gives it up', async () => {
    const release = await takeLock(path)
    assert.ok(typeof release === 'function')
    assert.deepEqual(await takeLock(path), thisProcess())
    release()
    release()
    const again = await takeLock(path)
    assert.ok(typeof again === 'function')
    again()
  })

  test('a living process of the version before, which made one file for all, is named too', async () => {
    writeFileSync(path, JSON.stringify(thisProcess()))
    assert.deepEqual(await takeLock(path), thisProcess())
  })
}
