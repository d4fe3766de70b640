import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'
import { tell } from '../events/tell.ts'
import { newId } from '../id.ts'
import { itemsOf, sources } from './source.ts'
import type { Source } from './source.ts'

const batchSize = 100

/** Tells the merchant of all that needs a person, once for each time that there is a new reason: `attention.needed`. */
export const tellAttention: Sweep = {
  name: 'attention',
  everyMs: 5_000,
  async run(context) {
    const told = await context.database.eachPart((database) => tellIn({ ...context, database }))
    const count = told.reduce((sum, one) => sum + one, 0)
    if (count > 0) context.signals.wake('deliveries')
    return count
  },
}

async function tellIn(context: Context): Promise<number> {
  const told = sources.filter(({ isTold }) => isTold)
  const untold = await context.database.query<{ kind: string }>(
    sql.named`${join(told.map(anyUntold), sql` union all `)}`,
  )
  const kinds = new Set(untold.map(({ kind }) => kind))
  let count = 0
  for (const source of told) if (kinds.has(source.kind)) count += await tellOf(context, source)
  return count
}

const isUntold = ({ needs }: Source) => sql`${needs} and not t.attention_told`

function anyUntold(source: Source): Sql {
  return sql`(select ${source.kind}::text as kind from ${raw(source.table)} t where ${isUntold(source)} limit 1)`
}

async function tellOf(context: Context, source: Source): Promise<number> {
  const now = context.clock.now()
  const ids = Array.from({ length: batchSize }, () => newId(now))
  const table = raw(source.table)
  const told = await context.database.query(sql`
    with due as (select merchant_id, id from ${table} t where ${isUntold(source)} limit ${batchSize}),
    claimed as (
      update ${table} t set attention_told = true from due
      where t.merchant_id = due.merchant_id and t.id = due.id and ${isUntold(source)} -- Asked again: another node may have been faster.
      returning t.*
    ),
    items as (select ${itemsOf(source)}, row_number() over () as n from claimed t),
    ${tell({ noun: 'attention', from: newsFrom(ids, now), data: newsOf(source) })}
    select 1 from claimed`)
  return told.length
}

/** Each stands for itself: what it tells is no status of its noun, and has no place among the versions of that. */
function newsFrom(ids: string[], now: Date): Sql {
  return sql`(
      select i.merchant_id, e.id, i.environment, 'needed' as status, 1 as version, i.id as item_id, i.reasons, i.since,
        i.amount_cents, i.receipt, i.reference
      from items i join unnest(${ids}::uuid[]) with ordinality as e (id, n) using (n)
    ) s cross join lateral (select s.id as event_id, ${now}::timestamptz as at) f`
}

function newsOf({ kind, prefix }: Source): Sql {
  return sql`json_build_object(
    'id', ${shownId(prefix, sql`s.item_id`)},
    'kind', ${raw(`'${kind}'`)},
    'merchant_id', ${shownId('mer', sql`s.merchant_id`)},
    'environment', s.environment,
    'version', s.version,
    'reasons', s.reasons,
    'since', ${shownTime(sql`s.since`)},
    'amount', ${shownShillings(sql`s.amount_cents`)},
    'currency', 'KES',
    'provider_receipt', s.receipt,
    'account_reference', s.reference)`
}
