import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import { hastenCheck } from '../evidence/check.ts'
import type { Arrival } from './arrival.ts'
import { isSignedForRequest } from './signature.ts'
import type { Throttle } from './throttle.ts'

const bytesMax = 64 * 1024
const keptMax = 1_000_000
const keptMs = 30 * 24 * 3_600_000
const pauseMs = 10_000

/**
 * Keeps a callback without a valid token, within bounds, and answers whether it is a callback at all. It settles nothing,
 * for anybody can post one; from an address of Safaricom's, or with a valid signature, it makes the payment, refund or payout that
 * it names due for a check.
 */
export async function receiveStray(context: Context, arrival: Arrival, mayKeep: Throttle): Promise<boolean> {
  const { readCallback, readRequestId } = context.providers.mpesa!
  const finding = readCallback(arrival.json)
  const providerRef = finding?.provider_ref
  const requestId = readRequestId?.(arrival.json)
  const named = providerRef ?? requestId
  const isInBounds = mayKeep(arrival.source_address, arrival.at)
  if (isInBounds && arrival.body.length <= bytesMax) await keep(context, arrival)
  if (named && (arrival.isFromSafaricom || (isInBounds && (await isSignedForRequest(context, arrival, named))))) {
    if (providerRef) await hastenPayment(context, providerRef)
    if (requestId) await hastenCheck(context, requestId)
  }
  return finding !== undefined || requestId !== undefined
}

async function keep(context: Context, { at, path, source_address, headers, body }: Arrival): Promise<void> {
  await context.database.query(sql`
    insert into strays (id, received_at, path, source_address, headers, body)
    select ${newId(at)}, ${at}, ${path}, ${source_address}, ${JSON.stringify(headers)}, ${body}
    where (select reltuples from pg_class where oid = 'strays'::regclass) < ${keptMax}`)
}

async function hastenPayment(context: Context, providerRef: string): Promise<void> {
  const now = context.clock.now()
  await context.database.query(sql`
    update payments set check_at = least(check_at, greatest(${now}, coalesce(checked_at, ${later(now, -pauseMs)}) + interval '10 seconds'))
    where provider_ref = ${providerRef} and status in ('created', 'pending') and check_at is not null`)
  context.signals.wake('checks')
}

/** Forgets what is older than 30 days. A sweep. */
export async function forgetStrays(context: Context): Promise<number> {
  const old = later(context.clock.now(), -keptMs)
  const forgotten = await context.database.query(sql`
    delete from strays where id in (select id from strays where received_at < ${old} limit 1000) returning 1`)
  return forgotten.length
}
