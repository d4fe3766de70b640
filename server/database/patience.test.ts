import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestDatabase } from '../../testing/database.ts'
import { openRoad } from '../../testing/road.ts'
import { CannotStart } from '../cannot-start.ts'
import { createPatience } from './patience.ts'
import { connect } from './connect.ts'
import { sql } from './sql.ts'

const url = 'postgres://lango:guess@10.0.0.21:5432/lango'

/** Fails with each of these in turn, and then succeeds. */
function failing(...errors: unknown[]): () => Promise<string> {
  return async () => {
    if (errors.length === 0) return 'done'
    throw errors.shift()
  }
}

const failure = (code: string, message = code) => Object.assign(new Error(message), { code })
const refused = () => failure('ECONNREFUSED')

function waiting(interrupted = new AbortController()) {
  const said: string[] = []
  const patiently = createPatience({ url, tell: (sentence) => said.push(sentence), interrupted: interrupted.signal })
  return { patiently, said, interrupted }
}

test('whoever starts waits for a database that is slow, and says once what it waits for and what to do, in no words of a library', async () => {
  const { patiently, said } = waiting()
  const [queued, connecting] = [
    'timeout exceeded when trying to connect',
    'Connection terminated due to connection timeout',
  ]
  assert.equal(await patiently(failing(new Error(queued), new Error(connecting))), 'done')
  assert.deepEqual(said, [
    'PostgreSQL at 10.0.0.21:5432 does not answer: see that it runs, that its machine keeps up, and that a firewall lets this one through, or correct DATABASE_URL. Lango goes on trying for two minutes.',
  ])
})

for (const [what, error, told] of [
  ['comes up', failure('57P03', 'the database system is starting up'), /is starting or stopping at this moment/],
  ['has no connection left', failure('53300'), /has no connection left: raise its max_connections/],
  ['was shut down', failure('57P01', 'terminating connection'), /broke off \(terminating connection\)/],
  ['cuts a connection', new Error('Connection terminated unexpectedly'), /broke off/],
] as const)
  test(`a database that ${what} is waited for`, async () => {
    const { patiently, said } = waiting()
    assert.equal(await patiently(failing(error)), 'done')
    assert.equal(said.length, 1)
    assert.match(said[0]!, told)
  })

test('where nobody listens, that is told at once; a database that has answered is waited for', async () => {
  const { patiently, said } = waiting()
  await assert.rejects(patiently(failing(refused())), /^CannotStart: No PostgreSQL listens at 10\.0\.0\.21:5432/)
  assert.deepEqual(said, [])
  assert.equal(await patiently(failing()), 'done')
  assert.equal(await patiently(failing(refused())), 'done')
  assert.equal(said.length, 1)
})

test('what no waiting helps is told at once', async () => {
  const { patiently, said } = waiting()
  const bug = new TypeError('It is no function.')
  await assert.rejects(patiently(failing(bug)), bug)
  const taken = new CannotStart('Port 4000 is taken by another program.')
  await assert.rejects(patiently(failing(taken)), taken)
  await assert.rejects(patiently(failing(failure('28P01'))), /refuses the password/)
  assert.deepEqual(said, [])
})

test('an interruption ends the waiting, with the sentence', async () => {
  const { patiently, interrupted } = waiting()
  const work = async () => {
    interrupted.abort()
    throw failure('57P03')
  }
  await assert.rejects(patiently(work), /^CannotStart: PostgreSQL at .* is starting or stopping/)
})

test('a PostgreSQL that tells whoever comes that it is starting is waited for', async () => {
  const own = await createTestDatabase()
  const road = await openRoad(own.url)
  const database = connect(road.url, { connections: 1 })
  try {
    road.comeUp()
    const said: string[] = []
    const tell = (sentence: string) => {
      said.push(sentence)
      road.open()
    }
    const patiently = createPatience({ url: road.url, tell })
    assert.deepEqual(await patiently(() => database.query(sql`select 1 as one`)), [{ one: 1 }])
    assert.match(said.join(), /is starting or stopping at this moment \(the database system is starting up\)/)
  } finally {
    await database.end()
    await road.close()
    await own.drop()
  }
})
