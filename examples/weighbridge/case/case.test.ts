import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LangoEvent } from '@lango/client'
import { readCase } from './case.ts'
import type { Entry } from './happening.ts'
import { hear } from './hear.ts'
import limits from './limits.json' with { type: 'json' }
import { judge } from './overload.ts'
import { openStore } from './store.ts'
import type { Station } from './station.ts'

test('a weight is held against the gross and each group, with the tolerance; the worst makes the fee', () => {
  const table: [vehicle: string, decksKg: number[], over: number, fee: number][] = [
    ['2A', [7000, 10_000], 0, 0],
    ['2A', [8000, 10_000], 0, 0],
    ['2A', [7000, 10_500], 0, 0], // Within the five percent of a group.
    ['2A', [7000, 10_501], 501, 5000],
    ['2A', [8000, 14_000], 4000, 30_000],
    ['2A', [8001, 10_000], 1, 5000], // The gross has no tolerance.
    ['5A', [8000, 18_000, 18_000], 0, 0],
    ['6A', [8000, 18_000, 40_000], 16_000, 200_000],
    ['2A', [22_000], 4000, 30_000], // One platform: only the gross is known.
    ['2A', [8000, 14_000, 0, 0], 4000, 30_000],
  ]
  for (const [vehicle, decksKg, over, fee] of table) {
    const kg = decksKg.reduce((sum, deck) => sum + deck, 0)
    const { over_kg, fee_shillings } = judge(limits, vehicle, { kg, decksKg })
    assert.deepEqual([over_kg, fee_shillings], [over, fee], `${vehicle} ${decksKg.join('+')}`)
  }
  assert.throws(() => judge(limits, '9Z', { kg: 1, decksKg: [] }), /know no vehicle 9Z/)
})

const at = '2026-11-25T08:00:00.000Z'
const first: Entry = {
  type: 'overloaded',
  at,
  charge_key: 'k',
  plate: 'KBA123X',
  vehicle: '2A',
  kg: 22_000,
  decksKg: [],
  driver: { name: 'Jane Doe', id_number: '1', phone: '' },
  judgement: { measured: [], over_kg: 4000, fee_shillings: 30_000 },
}
const charged: Entry = { type: 'charged', at, invoice_id: 'inv_1', reference: 'R', amount: '30000.00', url: '' }

test('what was answered outlives a kill -9, and what was told twice is written once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weighbridge-'))
  try {
    const path = join(folder, 'cases.db')
    const program = `
      import { openStore } from ${JSON.stringify(import.meta.resolve('./store.ts'))}
      const store = openStore(${JSON.stringify(path)})
      store.open(${JSON.stringify(first)})
      for (let times = 0; ; times++) {
        store.add(1, { type: 'released', at: String(times) })
        process.stdout.write(times + '\\n')
      }`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program])
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
    while (said.length < 20) await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    const answered = said.slice(0, said.lastIndexOf('\n')).split('\n').length
    const store = openStore(path)
    assert.ok(store.read(1).length >= 1 + answered)
    assert.deepEqual([store.add(1, charged, 'inv_1'), store.add(1, charged, 'inv_1')], [true, false])
    assert.equal(store.find('inv_1'), 1)
    store.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('an event that comes twice is one line, and an older one after it takes nothing back', async () => {
  const store = openStore(':memory:')
  store.open(first)
  store.add(1, charged, 'inv_1')
  const station = { store, now: () => new Date(at), changed() {} } as unknown as Station
  const event = (status: string, version: number, invoice_id = 'inv_1') =>
    ({
      id: 'evt',
      type: `invoice.${status}`,
      created_at: at,
      data: { invoice_id, version, status, amount_paid: '1' },
    }) as LangoEvent
  for (const told of [event('paid', 2), event('paid', 2), event('part_paid', 1), event('paid', 9, 'inv_other')])
    await hear(station, told)
  const file = readCase(1, store.read(1))!
  assert.equal(file.status, 'paid')
  assert.deepEqual(file.entries.map(({ type }) => type).slice(2), ['paid', 'memo_issued', 'part_paid'])
  for (const told of [event('reopened', 3), event('reopened', 3)]) await hear(station, told)
  const reopened = readCase(1, store.read(1))!
  assert.deepEqual([reopened.status, reopened.entries.slice(5).map(({ type }) => type)], ['paid', ['reopened']])
  const failed = {
    type: 'payment.failed',
    data: { payment_id: 'pay_1', invoice_id: 'inv_1', failure: { message: 'Nobody paid.' } },
  }
  store.add(1, { type: 'settling', at, payment_id: 'pay_1', checkout_url: 'https://ecitizen.example' }, 'pay_1')
  assert.ok(readCase(1, store.read(1))?.settling)
  await hear(station, failed as LangoEvent)
  assert.equal(readCase(1, store.read(1))?.settling, undefined, 'the fine may be settled anew')
})
