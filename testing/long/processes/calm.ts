import { setTimeout as wait } from 'node:timers/promises'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from '../../../server/database/sql.ts'
import type { Installation } from './installation.ts'

const patienceMs = 120_000
const pauseMs = 700

/**
 * Waits, when everything is up and everybody was answered, until nothing is left to be done, with the accountant's statement at
 * the end. Time is moved for what is due later: only the moments at which Lango asks and tells, never what it learns.
 */
export async function calmDown(installation: Installation): Promise<void> {
  await untilNothingIsLeft(installation)
  await reconcile(installation)
  await untilNothingIsLeft(installation)
}

/** Before an order that died with its node is answered, its key waits a minute. */
export async function hastenAnswers({ database }: Installation): Promise<void> {
  await database.query(sql`update idempotency set created_at = created_at - interval '61 seconds' where answer is null`)
}

/** Waits until no callback is left on the disk of a node. */
export async function untilSpoolsAreEmpty(installation: Installation): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (spooledBy(installation) > 0) {
    if (performance.now() > deadline) throw new Error('Callbacks stay on the disk of a node.')
    await wait(pauseMs)
  }
}

type Left = { checks: number; kept: number; deliveries: number; spooled: number }

/** One whose request had no answer lives by its callback and the statement: nobody can be asked about it. */
const isAskable = sql`status in ('created', 'pending') and (provider_ref is not null or provider_outcome is null)`

/** Waits until nothing is left to be done without the statement, as above. */
export async function untilNothingIsLeft(installation: Installation): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    await hastenWork(installation)
    await wait(pauseMs)
    const left = await whatIsLeft(installation)
    if (Object.values(left).every((count) => count === 0)) return
    if (Date.now() > deadline) throw new Error(`This is never done: ${JSON.stringify(left)}`)
  }
}

/** Has the provider asked now about each payment that has waited so long for its outcome. */
export async function hastenChecks({ database }: Installation, waitedMs = 0): Promise<void> {
  await database.query(sql`
    update payments set check_at = now() where ${isAskable} and check_at > now()
      and created_at < now() - ${waitedMs} * interval '1 ms' and coalesce(checked_at, '-infinity') < now() - interval '2 seconds'`)
}

async function hastenWork(installation: Installation): Promise<void> {
  const { database } = installation
  await hastenChecks(installation)
  // One that was claimed within the last ten seconds, for a minute, is on its way: hastened, it would be told twice.
  await database.query(sql`
    update deliveries set attempt_at = now() where status = 'pending' and attempt_at > now() + interval '2 seconds'
      and attempt_at not between now() + interval '50 seconds' and now() + interval '60 seconds'`)
  await database.query(sql`update callbacks set settle_at = now() where settle_at > now() + interval '2 seconds'`)
}

async function whatIsLeft(installation: Installation): Promise<Left> {
  const { database } = installation
  const left = await database.one<Omit<Left, 'spooled'>>(sql`
    select
      (select count(*) from payments where ${isAskable}) as checks,
      (select count(*) from callbacks where settle_at is not null) as kept,
      (select count(*) from deliveries where status = 'pending') as deliveries`)
  return { ...left, spooled: spooledBy(installation) }
}

/** How many files of callbacks wait on the disks of the nodes. */
function spooledBy({ nodes }: Installation): number {
  return nodes.flatMap(({ home }) => spoolOf(home)).length
}

function spoolOf(home: string): string[] {
  try {
    return readdirSync(join(home, 'spool'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Uploads the provider's statement: it names money whose callback was lost, and receipts that no check tells. */
async function reconcile({ simulator, nodes, key, shortcode }: Installation): Promise<void> {
  const statement = await fetch(`${simulator.url}/_/statement.csv?shortcode=${shortcode}`)
  const response = await fetch(`${nodes[0]!.url}/v1/reconciliation/statements`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'text/csv' },
    body: await statement.text(),
  })
  const answer = (await response.json()) as { data?: { status: string } }
  if (answer.data?.status !== 'completed') throw new Error(`The statement was not taken: ${JSON.stringify(answer)}`)
}
