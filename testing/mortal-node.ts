import { createNode } from '../server/node.ts'
import { createContext } from '../server/create-context.ts'
import type { Parts } from '../server/create-context.ts'
import type { Context } from '../server/context.ts'
import type { Sweep } from '../server/database/due.ts'
import type { Database, Queryable, Sql, Transaction } from '../server/database/sql.ts'

/**
 * A node of Lango that can die at any seam: before or after anything that it asks of the database, of Daraja or of a merchant's
 * server. From then on none of its code runs any more, as if the process had been killed.
 */
export type MortalNode = {
  context: Context
  isAlive(): boolean
  /** Dies when it has passed this many more seams. */
  dieIn(seams: number): void
  /** Answers a request. Rejects, as a cut connection does, when the node dies first. */
  fetch(request: Request): Promise<Response>
  /** Runs a sweep once. Resolves when it has ended, or failed, or the node is dead. */
  sweep(name: string): Promise<number>
  sweepNames: string[]
}

const connectionCut = () => Object.assign(new TypeError('fetch failed'), { cause: new Error('The node is dead.') })
// A new one each time: whatever waits for a shared one is never forgotten.
const never = () => new Promise<never>(() => {})

export function startMortalNode(parts: Parts): MortalNode {
  let seamsLeft = Infinity
  let isDead = false
  const death = Promise.withResolvers<'dead'>()

  const die = () => {
    isDead = true
    death.resolve('dead')
  }
  const pass = () => {
    if (--seamsLeft <= 0) die()
    return !isDead
  }
  const seam = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
    if (!pass()) return never()
    try {
      const result = await ask()
      return pass() ? result : never()
    } catch (error) {
      if (isDead) return never()
      throw error
    }
  }

  const context = createContext({
    ...parts,
    database: mortalDatabase(parts.database, { seam, pass }),
    fetch: (input, init) => seam(() => parts.fetch!(input, init)),
    guardedFetch: (url, request) => seam(() => parts.guardedFetch!(url, request)),
  })
  const { app, ...node } = createNode(context)
  const sweeps = new Map<string, Sweep>(node.sweeps.map((sweep) => [sweep.name, sweep]))

  return {
    context,
    isAlive: () => !isDead,
    dieIn: (seams) => void (seamsLeft = seams),
    async fetch(request) {
      if (isDead) throw connectionCut()
      const first = await Promise.race([app.fetch(request), death.promise])
      if (first === 'dead') throw connectionCut()
      return first
    },
    async sweep(name) {
      if (isDead) return 0
      // What a sweep throws, the loop that runs it would log; the next turn tries again.
      const running = sweeps
        .get(name)!
        .run(context)
        .catch(() => 0)
      const count = await Promise.race([running, death.promise])
      return count === 'dead' ? 0 : count
    },
    sweepNames: [...sweeps.keys()],
  }
}

type Seams = { seam<Result>(ask: () => Promise<Result>): Promise<Result>; pass(): boolean }

function mortalDatabase(database: Database, { seam, pass }: Seams): Database {
  const outside = queryable(database, seam)
  return {
    ...outside,
    eachPart: (work) => database.eachPart((part) => work(mortalDatabase(part, { seam, pass }))),
    load: database.load,
    end: () => database.end(),
    // The connection of a dead process is closed, and PostgreSQL rolls back what was open there.
    transaction: (work) =>
      seam(() =>
        database.transaction((transaction) =>
          work(
            queryable(transaction, async (ask) => {
              if (!pass()) throw connectionCut()
              return ask()
            }) as Transaction,
          ),
        ),
      ),
  }
}

function queryable(inner: Queryable, seam: Seams['seam']): Queryable {
  return {
    query: <Row>(query: Sql) => seam(() => inner.query<Row>(query)),
    one: <Row>(query: Sql) => seam(() => inner.one<Row>(query)),
    maybe: <Row>(query: Sql) => seam(() => inner.maybe<Row>(query)),
  }
}
