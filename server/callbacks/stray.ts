import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { columns } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import { newId } from '../id.ts'
import type { Posted } from '../providers/posted.ts'
import type { Provider } from '../providers/provider.ts'
import type { Acts } from './act.ts'
import { parseJson } from './arrival.ts'
import type { Delivered } from './arrival.ts'
import { isSignedForRequest } from './signature.ts'
import type { Throttle } from './throttle.ts'

type Stray = Delivered & { receipt: string | null; merchant_id: string | null; environment: string | null }

const bytesMax = 64 * 1024
const keptMax = 1_000_000
const keptMs = 30 * 24 * 3_600_000

/**
 * Keeps a callback without a valid token, within bounds, and answers the provider whose callback it is, if it is one. It settles
 * nothing, for anybody can post one; from an address that its provider lists, or with a valid signature, it makes the payment, refund or
 * payout that it names due for a check.
 */
export async function receiveStray(
  context: Context,
  delivered: Delivered,
  { acts, from, mayKeep }: { acts: Acts; from: Provider[]; mayKeep: Throttle },
): Promise<Provider | undefined> {
  const { source_address, received_at, body } = delivered
  const posted = { ...delivered, json: parseJson(body) }
  const isInBounds = mayKeep(source_address, received_at)
  if (isInBounds && body.length <= bytesMax) await keep(context, delivered, readClaim(from, posted))
  for (const provider of from) {
    const requestId = provider.payments.read(posted)?.[0]?.provider_ref ?? provider.callbacks.requestId(posted)
    if (!requestId) continue
    const isListed = provider.callbacks.isListed(source_address)
    if (isListed || (isInBounds && (await isSignedForRequest(context, provider, posted, requestId))))
      await acts.hasten(context, requestId)
    return provider
  }
  return undefined
}

/** What a body without a token says of itself, if it says that money came: nobody believes it, but a person may be shown it. */
type Claim = { receipt?: string; provider_ref?: string; shortcode?: string }

function readClaim(from: Provider[], posted: Posted): Claim {
  for (const { payments, moneyIn } of from) {
    const [paid] = payments.read(posted) ?? []
    if (paid?.receipt) return { receipt: paid.receipt, provider_ref: paid.provider_ref }
    const told = moneyIn?.read(posted)
    if (told) return { receipt: told.receipt, shortcode: told.shortcode }
  }
  return {}
}

async function keep(context: Context, delivered: Delivered, { receipt, provider_ref, shortcode }: Claim) {
  const { received_at, path, source_address, headers, body } = delivered
  await context.database.query(sql.named`
    with whose as (
      select merchant_id, environment from payments where provider_ref = ${provider_ref}
      union select merchant_id, environment from provider_accounts where ended_at is null and ${shortcode}::text in (shortcode, till)
    )
    insert into strays ${columns<Stray>({
      id: newId(received_at),
      received_at,
      path,
      source_address,
      headers: JSON.stringify(headers),
      body,
      receipt,
      // A short code of the sandbox is everybody's: then it is nobody's in particular.
      merchant_id: sql`(select (array_agg(merchant_id))[1] from whose having count(distinct merchant_id) = 1)`,
      environment: sql`(select min(environment) from whose)`,
    })}
    where (select reltuples from pg_class where oid = 'strays'::regclass) < ${keptMax}`)
}

/** Forgets what is older than 30 days. A sweep. */
export async function forgetStrays(context: Context): Promise<number> {
  const old = later(context.clock.now(), -keptMs)
  const forgotten = await context.database.query(sql`
    delete from strays where id in (select id from strays where received_at < ${old} limit 1000) returning 1`)
  return forgotten.length
}
