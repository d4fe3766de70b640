import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
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
