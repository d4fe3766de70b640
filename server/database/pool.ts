import pg from 'pg'

export type PoolOptions = {
  /** At most so many for named statements, and as many for all others. */
  connections?: number
  /** Whether the process may end while connections are open and idle. */
  mayEnd?: boolean
  /** How long one statement may take before its connection counts as cut; without it as long as it likes. */
  patienceMs?: number
  /** Whether a connection that leads to a standby is refused: what is read there may be older than what is to be written. */
  isForWriting?: boolean
}

/** Until a connection is there, and until one is free. */
const connectMsMax = 5_000
/** An idle connection is asked after so long whether its host is still there; ten seconds of silence later it is closed. */
const silenceMsMax = 5_000

/** The connections of one kind: `keepsPlans` for those that run named statements. */
export function openPool(
  url: string,
  { connections = 10, mayEnd, patienceMs, isForWriting, keepsPlans }: PoolOptions & { keepsPlans?: boolean },
): pg.Pool {
  const begin = async (client: pg.ClientBase) => {
    if (isForWriting) await refuseStandby(client)
    if (keepsPlans) await planForAnyValues(client)
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: connectMsMax,
    query_timeout: patienceMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: silenceMsMax,
    allowExitOnIdle: mayEnd,
    types: { getTypeParser },
    // The pool waits for it, though its types do not say so.
    ...((isForWriting || keepsPlans) && { onConnect: begin as pg.PoolConfig['onConnect'] }),
    // With a connection go its plans.
    ...(keepsPlans && { idleTimeoutMillis: 5 * 60_000 }),
  })
  // Without a listener, an idle connection that PostgreSQL closes would end the process.
  pool.on('error', () => {})
  return pool
}

async function refuseStandby(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only')
  if (rows[0]!.transaction_read_only === 'off') return
  throw Object.assign(new Error('This PostgreSQL only reads: it is a standby.'), { code: '25006' })
}

/**
 * Plans each statement once, for any values. Left to choose, PostgreSQL takes one fact for so much less than the ten that it
 * expects of an array that it plans every small batch anew, which costs it more than to carry that out.
 */
async function planForAnyValues(client: pg.ClientBase): Promise<void> {
  // None of them reads so much that others had to help: to call them takes longer.
  await client.query('set plan_cache_mode = force_generic_plan; set max_parallel_workers_per_gather = 0')
}

const int8 = 20

// Cents and counts are bigint in the tables; one beyond what a number holds exactly is a bug, never rounded.
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === int8) {
    return (text: string) => {
      const number = Number(text)
      if (!Number.isSafeInteger(number)) throw new Error(`${text} is too large a number.`)
      return number
    }
  }
  return pg.types.getTypeParser(oid, format as 'text')
}
