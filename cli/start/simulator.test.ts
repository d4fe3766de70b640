import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from '../../server/read-settings.ts'
import { connect } from '../../server/database/connect.ts'
import { freePort } from '../../testing/command.ts'
import { createTestDatabase } from '../../testing/database.ts'
import { faultyDatabase, unheard } from '../../testing/faulty-database.ts'
import { provideSimulator } from './simulator.ts'

test('a simulator that the database did not hear of is provided again, at the same port', async () => {
  const own = await createTestDatabase()
  const database = connect(own.url, { connections: 2 })
  const { fail, wrap } = faultyDatabase()
  try {
    const settings = readSettings({ SIMULATOR_PORT: await freePort() }, {})
    fail((query, ask) => (query.strings.join('').includes('insert into settings') ? unheard(query, ask) : ask()))
    await assert.rejects(provideSimulator(wrap.database(database), settings), /Connection terminated/)
    fail(undefined)
    const provided = await provideSimulator(wrap.database(database), settings)
    assert.equal(provided.runBy, 'this node')
    await provided.close()
  } finally {
    await database.end()
    await own.drop()
  }
})
