import { later } from '../clock.ts'
import type { Context } from '../context.ts'
import { rows } from '../database/columns.ts'
import type { Sweep } from '../database/due.ts'
import { settleByHalves } from '../database/halves.ts'
import { join, raw, sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { shownId, shownShillings, shownTime } from '../events/shown.ts'
import { tell } from '../events/tell.ts'
import { newId } from '../id.ts'
import { itemsOf, sources } from './source.ts'
import type { Source } from './source.ts'

const batchSize = 100

/** How long what cannot be told is left alone. */
const pauseMs = 5 * 60_000

/**
 * Makes the sweep of one node, which tells the merchant of all that needs a person, once for each time that there is a new reason:
 * `attention.needed`. What the database refuses to tell holds up nothing else: it is logged, and tried again in five minutes.
 */
export function createTellAttention(): Sweep {
  const refused = new Map<string, Date>()

  async function tellIn(context: Context): Promise<number> {
    const items = await findUntold(context, [...refused.keys()])
    let count = 0
    for (const source of told) {
      const due = items.filter(({ kind }) => kind === source.kind)
      if (due.length > 0) count += await tellOf(context, source, due)
    }
    return count
  }

  async function tellOf(context: Context, source: Source, due: Untold[]): Promise<number> {
    const done = await settleByHalves(context, due, {
      run: (some) => tellTogether(context, source, some),
      async setAside({ kind, merchant_id, id }, error) {
        refused.set(id, later(context.clock.now(), pauseMs))
        context.log.error({ error, kind, merchant_id, id }, 'What needs a person could not be told; the rest goes on.')
        return []
      },
    })
    return done.length
  }

  return {
    name: 'attention',
    everyMs: 5_000,
    async run(context) {
      const now = context.clock.now()
      for (const [id, until] of refused) if (until <= now) refused.delete(id)
      const told = await context.database.eachPart((database) => tellIn({ ...context, database }))
      const count = told.reduce((sum, one) => sum + one, 0)
      if (count > 0) context.signals.wake('deliveries')
      return count
    },
  }
}

const told = sources.filter(({ isTold }) => isTold)

type Untold = { kind: string; merchant_id: string; id: string }

const isUntold = ({ needs }: Source) => sql`${needs} and not t.attention_told`

function findUntold({ database }: Context, refused: string[]): Promise<Untold[]> {
  const untoldOf = (source: Source) => sql`(
    select ${source.kind}::text as kind, merchant_id, id from ${raw(source.table)} t
    where ${isUntold(source)} and t.id <> all (${refused}::uuid[]) limit ${batchSize})`
  return database.query<Untold>(sql.named`${join(told.map(untoldOf), sql` union all `)}`)
}

function tellTogether({ database, clock }: Context, source: Source, due: Untold[]): Promise<object[]> {
  const now = clock.now()
  const news = due.map(({ merchant_id, id }) => ({ merchant_id, id, event_id: newId(now) }))
  return database.query(sql`
    with due as (select * from ${rows(news, 'd', { merchant_id: 'uuid', id: 'uuid', event_id: 'uuid' })}),
    claimed as (
      update ${raw(source.table)} t set attention_told = true from due
      where t.merchant_id = due.merchant_id and t.id = due.id and ${isUntold(source)} -- Asked again: another node may have been faster.
      returning t.*
    ),
    items as (select ${itemsOf(source)} from claimed t),
    ${tell({ noun: 'attention', from: newsAt(now), data: newsOf(source) })}
    select 1 from claimed`)
}

/** Each stands for itself: what it tells is no status of its noun, and has no place among the versions of that. */
const newsAt = (now: Date) => sql`(
    select i.merchant_id, d.event_id as id, i.environment, 'needed' as status, 1 as version, i.id as item_id, i.reasons, i.since,
      i.amount_cents, i.receipt, i.reference
    from items i join due d on d.merchant_id = i.merchant_id and d.id = i.id
  ) s cross join lateral (select s.id as event_id, ${now}::timestamptz as at) f`

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
