import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { manualClock } from '../../simulator/index.ts'
import type { ManualClock } from '../../simulator/index.ts'
import { openNameServer } from '../../testing/name-server.ts'
import type { NameServer, Saying } from '../../testing/name-server.ts'
import { createHostsFile, readHosts } from './hosts-file.ts'
import { createNames } from './names.ts'
import type { NameAnswer } from './name-servers.ts'

const ours = 'merchant-1'
const theirs = 'merchant-2'

type Scene = {
  server: NameServer
  clock: ManualClock
  /** What is found, or the reason why nothing is. */
  find(name: string, merchant_id?: string, signal?: AbortSignal): Promise<string[] | string>
}

async function scene(plot: (scene: Scene) => Promise<void>): Promise<void> {
  const server = await openNameServer()
  const clock = manualClock()
  const names = createNames({ clock, servers: [server.address], hosts: { find: () => Promise.resolve([]) } })
  const find: Scene['find'] = async (name, merchant_id = ours, signal = new AbortController().signal) =>
    shown(await names.find(name, { merchant_id, signal }))
  try {
    await plot({ server, clock, find })
  } finally {
    server.close()
  }
}

function shown(answer: NameAnswer): string[] | string {
  return answer.kind === 'found' ? answer.addresses.map(({ address }) => address) : answer.reason
}

test('a name has the addresses that its name server says, of both kinds', () =>
  scene(async ({ server, find }) => {
    server.says('shop.example', { addresses: ['41.90.0.7', '41.90.0.8', '2a00:1450::7'] })
    assert.deepEqual(await find('shop.example'), ['41.90.0.7', '41.90.0.8', '2a00:1450::7'])
    assert.deepEqual(await find('SHOP.example.'), ['41.90.0.7', '41.90.0.8', '2a00:1450::7'])
  }))

test('why a name has no address is told', () =>
  scene(async ({ server, find }) => {
    server.says('empty.example', { addresses: [] })
    assert.equal(await find('gone.example'), 'The host name does not exist.')
    assert.equal(await find('empty.example'), 'The host name has no address.')
    assert.equal(await find(`${'x'.repeat(64)}.example`), 'The host name does not exist.')
  }))

test('an answer is remembered for as long as it says, but for a minute at most', () =>
  scene(async ({ server, clock, find }) => {
    const [before, after]: Saying[] = [
      { addresses: ['41.90.0.7'], ttl: 10 },
      { addresses: ['41.90.0.8'], ttl: 86_400 },
    ]
    server.says('shop.example', before!, after!)
    for (const merchant of [ours, ours, theirs]) assert.deepEqual(await find('shop.example', merchant), ['41.90.0.7'])
    await clock.advance('10 s')
    assert.deepEqual(await find('shop.example'), ['41.90.0.8'])
    await clock.advance('59 s')
    await find('shop.example')
    assert.equal(server.asked.length, 2)
    await clock.advance('1 s')
    await find('shop.example')
    assert.equal(server.asked.length, 3)
  }))

test('that a name does not exist is remembered for five seconds', () =>
  scene(async ({ server, clock, find }) => {
    server.says('shop.example', 'no such name', { addresses: ['41.90.0.7'] })
    assert.equal(await find('shop.example'), 'The host name does not exist.')
    await clock.advance('4 s')
    assert.equal(await find('shop.example'), 'The host name does not exist.')
    await clock.advance('1 s')
    assert.deepEqual(await find('shop.example'), ['41.90.0.7'])
  }))

test('an answer that says to keep it for no time is asked for each time', () =>
  scene(async ({ server, find }) => {
    server.says('shop.example', { addresses: ['41.90.0.7'] }, { addresses: ['41.90.0.8'] })
    assert.deepEqual(await find('shop.example'), ['41.90.0.7'])
    assert.deepEqual(await find('shop.example'), ['41.90.0.8'])
  }))

test('many who want the same name at once ask once', () =>
  scene(async ({ server, find }) => {
    server.says('shop.example', { addresses: ['41.90.0.7'] })
    await Promise.all(Array.from({ length: 20 }, () => find('shop.example')))
    assert.equal(server.asked.length, 1)
  }))

test('a name server that is silent about IPv6 delays nobody for long', () =>
  scene(async ({ server, find }) => {
    server.says('shop.example', { addresses: ['41.90.0.7'], isSilentAboutIpv6: true })
    const began = performance.now()
    assert.deepEqual(await find('shop.example'), ['41.90.0.7'])
    assert.ok(performance.now() - began < 2_000)
  }))

test('who gives up waits no longer, and is no hindrance to others who want the same', () =>
  scene(async ({ server, find }) => {
    server.says('slow.example', 'silence', { addresses: ['41.90.0.7'] })
    const reason = new Error('It is too late.')
    const patient = find('slow.example')
    await assert.rejects(find('slow.example', ours, AbortSignal.abort(reason)), reason)
    const giveUp = new AbortController()
    const impatient = find('slow.example', ours, giveUp.signal)
    giveUp.abort(reason)
    await assert.rejects(impatient, reason)
    // Asked a second time, the name server answers.
    assert.deepEqual(await patient, ['41.90.0.7'])
  }))

test("names whose server is silent hold up their own merchant's other names, and nobody else's", () =>
  scene(async ({ server, find }) => {
    const silent = Array.from({ length: 500 }, (_, index) => `${index}.silent.example`)
    for (const name of silent) server.says(name, 'silence')
    server.says('shop.example', { addresses: ['41.90.0.7'] })
    const giveUp = new AbortController()
    const waiting = silent.map((name) => find(name, theirs, giveUp.signal))
    const alsoTheirs = find('shop.example', theirs, giveUp.signal)
    assert.deepEqual(await find('shop.example', ours), ['41.90.0.7'])
    assert.ok(server.asked.filter((name) => name !== 'shop.example').length <= 8)
    giveUp.abort(new Error('It is too late.'))
    for (const one of await Promise.allSettled([...waiting, alsoTheirs])) assert.equal(one.status, 'rejected')
    assert.deepEqual(await find('shop.example', theirs), ['41.90.0.7'])
  }))

test('localhost is the machine itself, whatever a name server says', () =>
  scene(async ({ server, find }) => {
    for (const name of ['localhost', 'LOCALHOST.', 'shop.localhost']) {
      server.says(name, { addresses: ['41.90.0.7'] })
      assert.deepEqual(await find(name), ['127.0.0.1', '::1'])
    }
    assert.deepEqual(server.asked, [])
  }))

test("the machine's own names come before those of its name servers, and are read again when they change", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lango-hosts-'))
  const path = join(folder, 'hosts')
  const server = await openNameServer()
  const names = createNames({ servers: [server.address], hosts: createHostsFile(path) })
  const { signal } = new AbortController()
  const find = async (name: string) => shown(await names.find(name, { merchant_id: ours, signal }))
  try {
    server.says('till', { addresses: ['41.90.0.7'] })
    assert.deepEqual(await find('till'), ['41.90.0.7'])
    writeFileSync(path, '10.0.0.7 till\n')
    assert.deepEqual(await find('till'), ['10.0.0.7'])
  } finally {
    server.close()
    rmSync(folder, { recursive: true })
  }
})

test('a hosts file is read with its comments, tabs, kinds of addresses and names on several lines', () => {
  const names = readHosts('# 10.0.0.1 no\r\n10.0.0.2\ttill  Counter # two\r\nfd00::2 till\nnonsense till\n\n10.0.0.3')
  assert.deepEqual(
    [...names],
    [
      [
        'till',
        [
          { address: '10.0.0.2', family: 4 },
          { address: 'fd00::2', family: 6 },
        ],
      ],
      ['counter', [{ address: '10.0.0.2', family: 4 }]],
    ],
  )
})
