import type pg from 'pg'
import { openMachines } from './machines.ts'
import type { Machines } from './machines.ts'
import { connect, countingRows } from './connect.ts'
import { addLoads } from './queue-watch.ts'
import type { ConnectOptions } from './connect.ts'
import type { Database, Sql, Transaction } from './sql.ts'

/**
 * A database whose tables are spread over the machines of a Citus, for whoever asks one as any other. A statement that names its
 * merchant is run where that merchant's data stands, by the PostgreSQL there, whole, as on a machine of its own; one whose rows are of
 * several merchants is run there for each part of them. What asks of all merchants, or of the installation, goes through the
 * coordinator. A transaction is one of the machine to which its first statement goes.
 */
export async function overMachines(url: string, options: ConnectOptions = {}): Promise<Database> {
  // Citus plans for the values: it must see whose they are.
  const coordinator = connect(url, { ...options, mayName: false })
  const machines = await openMachines(coordinator, url, options)

  async function ask<Row>(query: Sql): Promise<Row[]> {
    const aimed = await machines.aim(query)
    const answers = await Promise.all(aimed.map(({ at, query }) => at.query<Row>(query)))
    return answers.flat()
  }
  async function query<Row>(query: Sql): Promise<Row[]> {
    try {
      return await ask<Row>(query)
    } catch (error) {
      if (!isGone(error)) throw asOnOneMachine(error)
      await machines.lookAgain()
      return ask<Row>(query)
    }
  }
  return {
    ...countingRows(query),
    transaction: (work) => transactionOn(machines, coordinator, work),
    async eachPart(work) {
      const answers = []
      const parts = await machines.all()
      const first = Math.floor(Math.random() * parts.length)
      for (const part of [...parts.slice(first), ...parts.slice(0, first)]) answers.push(await work(part))
      return answers
    },
    load: () => addLoads([coordinator.load(), machines.load()]),
    async end() {
      await Promise.all([machines.end(), coordinator.end()])
    },
  }
}

/** Begins a transaction where its first statement is to go. */
async function transactionOn<Result>(
  { aim, lookAgain }: Machines,
  coordinator: Database,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const worked = Promise.withResolvers<void>()
  worked.promise.catch(() => {})
  let ended: Promise<void> | undefined
  let begun: Promise<{ transaction: Transaction; at: Database }> | undefined
  const begin = async (query: Sql) => {
    const aimed = await aim(query)
    const at = aimed.length === 1 ? aimed[0]!.at : coordinator
    const opened = Promise.withResolvers<Transaction>()
    ended = at.transaction((transaction) => {
      opened.resolve(transaction)
      return worked.promise
    })
    ended.catch(opened.reject)
    return { transaction: await opened.promise, at }
  }
  const query = async <Row>(query: Sql): Promise<Row[]> => {
    const { transaction, at } = await (begun ??= begin(query))
    if (at !== coordinator && (await aim(query, at)).some((one) => one.at !== at))
      throw new Error(
        'A transaction is one of the machine where its first statement went, and this statement is about a merchant elsewhere.',
      )
    return transaction.query<Row>(query).catch((error: unknown) => {
      throw asOnOneMachine(error)
    })
  }
  try {
    const result = await work(countingRows(query) as Transaction)
    worked.resolve()
    await ended
    return result
  } catch (error) {
    worked.reject(error)
    await ended?.catch(() => {})
    if (isGone(error)) await lookAgain()
    throw asOnOneMachine(error)
  }
}

/** True when a part is seen no longer where it was: the schema was changed, or the part was moved. Nothing was done then. */
function isGone(error: unknown): boolean {
  return (error as { code?: string }).code === '42P01'
}

/** An error that names a constraint as on one machine. Each machine adds a number to it, and the coordinator tells it in words. */
function asOnOneMachine(error: unknown): unknown {
  const { message, constraint = /^\S.* violates .*constraint "([^"]+)"/.exec(message)?.[1] } = error as pg.DatabaseError
  return constraint ? Object.assign(error as Error, { constraint: constraint.replace(/_\d{6,}$/, '') }) : error
}
