import { writeAudit } from '../access/audit.ts'
import type { Caller } from '../access/key.ts'
import { needsScope } from '../api/create-routes.ts'
import type { Context } from '../context.ts'
import { raw, sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { Problem } from '../problem.ts'
import type { Item } from './item.ts'
import { waiting } from './list.ts'
import { sources } from './source.ts'

/** What a person says came of something, by its id as the outside knows it; of all its reasons, or of those that they saw. */
type Resolution = { id: string; note: string; reasons?: string[] }

/**
 * Takes note that a person has looked at something, and why it needs nobody any longer. The facts stay as they are, and a new
 * fact shows it again. Answers what it was.
 * @throws a Problem when there is no such thing of the caller's, or when nothing about it needs a person: another may have been faster.
 */
export async function resolveAttention(
  context: Context,
  caller: Caller,
  { id, note, reasons }: Resolution,
): Promise<Item> {
  const source = sources.find(({ prefix }) => id.startsWith(`${prefix}_`))
  const own = source && parseId(source.prefix, id)
  if (!source || !own) throw notFound(id)
  needsScope(caller, source.write)
  const { merchant_id } = caller
  return context.database.transaction(async (transaction) => {
    const named = sql`t.merchant_id = ${merchant_id} and t.id = ${own}`
    await transaction.query(sql`select 1 from ${raw(source.table)} t where ${named} for update`)
    const [item] = await transaction.query<Item>(sql`
      select * from (${waiting(source, caller)}) as item where id = ${own}`)
    if (!item) throw notFound(id)
    const seen = reasons ?? item.reasons
    await transaction.query(sql`
      update ${raw(source.table)} t ${source.resolve(seen, context.clock.now())} where ${named}`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'attention.resolved',
      subject: id,
      details: { note, reasons: seen },
    })
    return item
  })
}

function notFound(id: string): Problem {
  return new Problem(
    'not_found',
    {
      said: 'This needs nobody any more. Somebody may have resolved it already.',
      byApi: `Its id was ${id}. GET /v1/attention lists what is left.`,
    },
    'id',
  )
}
