import { writeAudit } from '../access/audit.ts'
import type { Context } from '../context.ts'
import { takeSecretKey } from '../database/installation.ts'
import { resealRows } from '../database/sealed.ts'
import type { SealedTable } from '../database/sealed.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import { keyId } from '../secret.ts'
import { sealedTables } from './sealed-tables.ts'

/** How many of each were sealed anew. */
export type Rotated = Record<keyof typeof sealedTables, number>

/**
 * Makes the present secret key the installation's: from now on a node must know it, and everything that is sealed in the tables
 * is sealed with it. Safe to repeat, and to go on with where it was cut off; nobody waits for it. Every merchant's audit log
 * tells of it, from the moment on that it is.
 * @throws when something is sealed with a key that is not here.
 */
export async function rotateSecretKey(context: Context): Promise<Rotated> {
  const { database, config } = context
  await database.transaction((transaction) => take(context, transaction))
  const anew = (sealed: SealedTable) => untilNone(() => resealRows(database, config.secretKeys, sealed))
  const { accounts, endpoints, users } = sealedTables
  return {
    accounts: await anew(accounts),
    endpoints: await anew(endpoints),
    users: await anew(users),
  }
}

async function take(context: Context, transaction: Transaction): Promise<void> {
  const { current } = context.config.secretKeys
  const replaced = await takeSecretKey(transaction, current, context.clock.now())
  if (!replaced) return
  const details = { from: replaced, to: keyId(current) }
  for (const { id: merchant_id } of await transaction.query<{ id: string }>(sql`select id from merchants order by id`))
    await writeAudit(transaction, context, { merchant_id, action: 'secret_key.rotated', details })
}

const turnsMax = 1_000_000

async function untilNone(turn: () => Promise<number>): Promise<number> {
  let total = 0
  for (let turns = 0; turns < turnsMax; turns++) {
    const count = await turn()
    if (count === 0) return total
    total += count
  }
  throw new Error('Other nodes go on sealing with another key: give them this one first.')
}
