import pg from 'pg'
import { explainDatabase } from '../database/explain.ts'

/**
 * Runs `work` on a connection of its own, in one transaction that sees the database as it is at one moment, or changes all or
 * nothing of it. Times and numbers are written in full, whatever the server is set to.
 */
export async function inOneTransaction<Result>(
  url: string,
  mode: 'read only' | 'read write',
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  return onOwnConnection(url, async (client) => {
    await client.query(`begin transaction isolation level repeatable read, ${mode}`)
    await client.query(
      "set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local extra_float_digits = 3; set local statement_timeout = 0",
    )
    const result = await work(client)
    await client.query('commit')
    return result
  })
}

/** Runs `work` on a connection of its own. What was begun and not committed ends with it. */
export async function onOwnConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 })
  // A connection that breaks fails its statement; without a listener it would end the process as well.
  client.on('error', () => {})
  try {
    await client.connect().catch((error: unknown) => {
      throw explainDatabase(error, url)
    })
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
