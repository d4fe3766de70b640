import type { Context } from '../context.ts'
import { pendingMigrations } from '../database/migrate.ts'
import { examineAttention } from './attention.ts'
import { examineAudit } from './audit.ts'
import { examineDue } from './due.ts'
import { finding, findingOf, isTooSlow } from './finding.ts'
import type { Finding } from './finding.ts'
import { examineInvariants } from './invariants.ts'
import { examineReadiness } from './readiness.ts'
import type { Reach } from './readiness.ts'

export type { Finding } from './finding.ts'

/**
 * Examines an installation: is it ready for real money, and do its books hold? Writes only how far it has looked, and reads in short
 * statements that nobody waits for, so it may run in production while money moves. With `all` it looks at all of the books, else at
 * what has changed since it looked last. With `ask` it also asks the network: this address for itself, the provider for the time and
 * an access token of each account. `certificates` is the folder in which Safaricom's may lie.
 */
export async function examine(context: Context, { all, ...reach }: Reach & { all?: boolean } = {}): Promise<Finding[]> {
  const pending = await pendingMigrations(context.database)
  const schema = finding('the database is up to date', 'Bring it up to date: lango migrate.', pending)
  // Nothing more can be asked of tables that are not there.
  if (schema.state !== 'ok') return [schema]
  return [
    schema,
    ...(await unlessSlow('what must be right before real money comes', () => examineReadiness(context, reach))),
    ...(await unlessSlow('the invariants of the money', () => examineInvariants(context, { all }))),
    ...(await unlessSlow('the audit log', () => examineAudit(context))),
    ...(await unlessSlow('what has been due for long', () => examineDue(context))),
    ...(await unlessSlow('what waits for a person', async () => [await examineAttention(context)])),
  ]
}

async function unlessSlow(name: string, examineAll: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examineAll()
  } catch (error) {
    if (!isTooSlow(error)) throw error
    const why = 'The database took longer than 20 s to answer, and was not held up further.'
    return [findingOf(name, 'Look again when the database has less to do.', { unknown: [why] })]
  }
}
