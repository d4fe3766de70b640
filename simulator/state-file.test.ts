import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createMemory } from './memory.ts'
import { askToPay, query, tokenOf } from './testing/daraja.ts'
import { merchant } from './testing/merchant.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
after(() => rmSync(folder, { recursive: true }))

test('with a state file a simulator goes on where the last one stopped, open prompts included', async () => {
  const data = join(folder, 'made/state.json')
  const first = merchant({ data, seed: 1 })
  const token = await tokenOf(first.simulator)
  first.simulator.phones.set('0712345678', { pin: '4321' })
  const paid = await askToPay(first.simulator, { Amount: 5 })
  const open = await askToPay(first.simulator, { PhoneNumber: '254712345678', Amount: 6 })
  await first.simulator.settled()
  first.simulator.close()

  const second = merchant({ data, seed: 1 })
  assert.deepEqual(second.simulator.ledger.entries, first.simulator.ledger.entries)
  assert.equal((await query(second.simulator, String(paid.answer.CheckoutRequestID))).body.ResultCode, '0')
  assert.equal((await askToPay(second.simulator, {}, { token })).status, 200)
  second.simulator.phones.get('0712345678').approve('4321')
  await second.simulator.settled()
  assert.equal((await query(second.simulator, String(open.answer.CheckoutRequestID))).body.ResultCode, '0')
  assert.equal(second.simulator.ledger.entries.length, 3)
  second.simulator.close()
})

/** A simulator of this file in which so much was paid, closed again. */
async function afterPaying(data: string, ...amounts: number[]) {
  const { simulator } = merchant({ data, seed: 1 })
  for (const Amount of amounts) await askToPay(simulator, { Amount })
  await simulator.settled()
  simulator.close()
  return simulator.ledger.entries
}

test('the ledger is written once, line by line, and the state beside it has none of it', async () => {
  const data = join(folder, 'grown.json')
  await afterPaying(data, 1, 2)
  const before = readFileSync(`${data}.ledger`, 'utf8')
  const entries = await afterPaying(data, 3)
  assert.deepEqual(
    entries.map(({ amount }) => amount),
    [1, 2, 3],
  )
  const after = readFileSync(`${data}.ledger`, 'utf8')
  assert.ok(after.startsWith(before))
  assert.equal(after.split('\n').length, 4)
  assert.doesNotMatch(readFileSync(data, 'utf8'), /"moves"/)
})

test('what a crash left in the ledger, without the state that belongs to it, never happened', async () => {
  const data = join(folder, 'crashed.json')
  await afterPaying(data, 1)
  const [first] = readFileSync(`${data}.ledger`, 'utf8').split('\n')
  appendFileSync(`${data}.ledger`, `${first!.replaceAll('"amount":1', '"amount":999')}\n["UKK`)
  const entries = await afterPaying(data, 2)
  assert.deepEqual(
    entries.map(({ amount }) => amount),
    [1, 2],
  )
  assert.deepEqual(await afterPaying(data), entries)
})

test('what was forgotten stays forgotten', async () => {
  const data = join(folder, 'reset.json')
  await afterPaying(data, 1, 2)
  const { simulator } = merchant({ data, seed: 1 })
  simulator.reset()
  await askToPay(simulator, { Amount: 3 })
  await askToPay(simulator, { Amount: 4 })
  simulator.close()
  assert.deepEqual(
    (await afterPaying(data)).map(({ amount }) => amount),
    [3, 4],
  )
})

test('a ledger that is gone, or cut off, is missed', async () => {
  const data = join(folder, 'cut.json')
  await afterPaying(data, 1, 2)
  writeFileSync(`${data}.ledger`, readFileSync(`${data}.ledger`).subarray(0, -5))
  assert.throws(() => merchant({ data }), /cut\.json\.ledger is no state of this simulator/)
  rmSync(`${data}.ledger`)
  assert.throws(() => merchant({ data }), /cut\.json\.ledger is no state of this simulator/)
})

test('a state of the version before, which had the ledger in it, is gone on from', async () => {
  const data = join(folder, 'older.json')
  const entries = await afterPaying(data, 1, 2)
  const { memory } = JSON.parse(readFileSync(data, 'utf8'))
  const ledger = entries.map((entry) => [entry.receipt, entry])
  writeFileSync(data, JSON.stringify({ version: 1, memory: { ...memory, ledger } }))
  rmSync(`${data}.ledger`)
  const grown = await afterPaying(data, 3)
  assert.deepEqual(grown.slice(0, 2), entries)
  assert.deepEqual(await afterPaying(data), grown)
})

test('of what comes without end the newest 10,000 are kept in the file', () => {
  const memory = createMemory()
  for (let number = 1; number <= 10_001; number++) {
    memory.recent<number>('payments').set(`payment ${number}`, number)
    memory.collection<number>('phones').set(`phone ${number}`, number)
  }
  const { payments, phones } = memory.save()
  assert.deepEqual([payments!.length, payments![0], phones!.length], [10_000, ['payment 2', 2], 10_001])
})

test('what is no state file is not overwritten', () => {
  const data = join(folder, 'other.json')
  writeFileSync(data, '{"mine": true}')
  assert.throws(() => merchant({ data }), /other\.json is no state of this simulator/)
})

test('a state file that cannot be written for a while ends nothing, and is written when it can be again', async () => {
  const place = join(folder, 'full')
  const data = join(place, 'state.json')
  const { simulator } = merchant({ data })
  writeFileSync(place, 'in the way')
  // The machine's own time: nothing else keeps the process while the disk is waited for.
  const alive = setInterval(() => undefined, 1_000)
  simulator.phones.set('0712345678', { balance: 5 })
  const [warning] = (await once(process, 'warning', { signal: AbortSignal.timeout(60_000) })) as [Error]
  clearInterval(alive)
  assert.match(warning.message, /^The simulator cannot write .*state\.json/)

  rmSync(place)
  simulator.close()
  assert.ok(existsSync(data))
})
