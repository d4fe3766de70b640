import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/sql.ts'
import type { Mode } from '../access/key.ts'
import type { Context } from '../context.ts'
import type { EventPattern } from '../events/event-pattern.ts'
import { Problem } from '../problem.ts'
import { insertEndpoint } from './create-endpoint.ts'
import { auditEndpoint, isNamed } from './endpoint.ts'
import type { Endpoint, EndpointWithSecret } from './endpoint.ts'
import { makeAllMissed } from './redeliver-deliveries.ts'
import { openSecrets } from './secret.ts'
import { enabledAgain } from './update-endpoint.ts'

/** Who listens: the machine, and the address there to which it hands what it fetches. Lango itself never calls that. */
export type NewListener = {
  merchant_id: string
  mode: Mode
  url: string
  machine: string
  /** Null asks for all. */
  events: EventPattern[] | null
}

/** A listener as it now is, how many deliveries wait for it, and whether it was made by this. */
export type SetListener = EndpointWithSecret & { waiting: number; isNew: boolean }

/**
 * Makes the listener of a machine and an address, or finds it again with all that waited since. One that was disabled meanwhile is
 * enabled, and what it has missed by that waits too. All listeners of one machine have the same secret.
 */
export async function setListener(context: Context, input: NewListener): Promise<SetListener> {
  const given = { ...input, url: readUrl(input.url) }
  return context.database.transaction(async (transaction) => {
    const known = await lockListener(transaction, given)
    if (known) return hearAgain(transaction, context, { before: known, given })
    const webhook_secret = await secretOfMachine(transaction, context, given)
    const made = await insertEndpoint(transaction, context, { ...given, is_simple: false, webhook_secret })
    if (made) return { ...made, waiting: 0, isNew: true }
    // Somebody else has made it in the same moment.
    const theirs = await lockListener(transaction, given)
    return hearAgain(transaction, context, { before: theirs!, given })
  })
}

function lockListener(
  transaction: Transaction,
  { merchant_id, mode, url, machine }: NewListener,
): Promise<Endpoint | undefined> {
  return transaction.maybe<Endpoint>(sql`
    select * from webhook_endpoints
    where merchant_id = ${merchant_id} and mode = ${mode} and url = ${url} and machine = ${machine} and deleted_at is null
    for update`)
}

async function hearAgain(
  transaction: Transaction,
  context: Context,
  { before, given: { events } }: { before: Endpoint; given: NewListener },
): Promise<SetListener> {
  const { merchant_id, id, mode } = before
  const now = context.clock.now()
  const endpoint = await transaction.one<Endpoint>(sql`
    update webhook_endpoints w set events = ${events}, ${enabledAgain}, heard_at = ${now}, updated_at = ${now}
    where ${isNamed(before)} returning *`)
  if (before.status === 'disabled') {
    await auditEndpoint(transaction, context, { endpoint, action: 'updated', details: { status: 'enabled' } })
    const filter = { endpoint_id: id, since: before.updated_at }
    await makeAllMissed(transaction, context, { owner: { merchant_id, mode }, filter })
  }
  const { waiting } = await transaction.one<{ waiting: number }>(sql`
    select count(*)::int as waiting from deliveries
    where merchant_id = ${merchant_id} and endpoint_id = ${id} and attempt_at = 'infinity'`)
  const { current } = openSecrets(context.config.secretKeys, { ...endpoint, endpoint_id: id }, now)
  return { endpoint, webhook_secret: current, waiting, isNew: false }
}

/** The secret of another listener of this machine, so that a developer has one to configure, whatever they forward to. */
async function secretOfMachine(
  transaction: Transaction,
  { config: { secretKeys }, clock }: Context,
  { merchant_id, mode, machine }: NewListener,
): Promise<string | undefined> {
  const other = await transaction.maybe<Endpoint>(sql`
    select * from webhook_endpoints
    where merchant_id = ${merchant_id} and mode = ${mode} and machine = ${machine}
    order by deleted_at is null desc, id desc limit 1`)
  return other && openSecrets(secretKeys, { ...other, endpoint_id: other.id }, clock.now()).current
}

function readUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new Problem('invalid_request', 'The url is written in full, as http://localhost:3000/hook.', 'url')
  }
  url.hash = ''
  return url.href
}
