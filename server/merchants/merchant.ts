import type { Context } from '../context.ts'
import { join, raw, sql } from '../database/sql.ts'
import { newId, parseId, showId } from '../id.ts'
import { Problem } from '../problem.ts'
import { writeAudit } from '../access/audit.ts'
import type { Language } from '../languages.ts'

/** A business using this installation. */
export type Merchant = {
  id: string
  name: string
  duplicate_guard: boolean
  /** As `#0b6b4f`: how payers know it; null for Lango's own green. */
  color: string | null
  /** What its receipts say of it: the PIN of the tax authority, its rate of VAT in hundredths of a percent, where it is, how payers reach it. */
  tax_pin: string | null
  vat_rate_points: number | null
  address: string | null
  email: string | null
  /** In which its payers are written to, where they have not chosen. */
  language: Language
  /** Whether its customers are reminded of invoices that they were sent. */
  invoice_reminders: boolean
  /** Which picture is its logo now; null where there is none. */
  logo_version: string | null
}

const removable = ['tax_pin', 'vat_rate_points', 'address', 'email'] as const

const columns = sql`m.id, m.name, m.duplicate_guard, m.color, m.tax_pin, m.vat_rate_points, m.address, m.email, m.language, m.invoice_reminders, (select version from merchant_logos l where l.merchant_id = m.id) as logo_version`

/** Makes a merchant, or answers the one of this name that there is. Safe to repeat. */
export async function createMerchant(context: Context, name: string): Promise<Merchant> {
  const now = context.clock.now()
  return context.database.transaction(async (transaction) => {
    const made = await transaction.maybe<{ id: string }>(sql`
      insert into merchants (id, name, created_at) values (${newId(now)}, ${name}, ${now})
      on conflict (lower(name)) where deleted_at is null do nothing
      returning id`)
    if (made)
      await writeAudit(transaction, context, {
        merchant_id: made.id,
        action: 'merchant.created',
        subject: showId('mer', made.id),
        details: { name },
      })
    return transaction.one<Merchant>(
      sql`select ${columns} from merchants m where lower(name) = lower(${name}) and deleted_at is null`,
    )
  })
}

/** Finds a merchant by id (`mer_…`) or name. */
export async function findMerchant(context: Context, idOrName: string): Promise<Merchant | undefined> {
  return context.database.maybe<Merchant>(sql`
    select ${columns} from merchants m
    where deleted_at is null and (id = ${parseId('mer', idOrName) ?? null} or lower(name) = lower(${idOrName}))`)
}

/** Every merchant of this installation, oldest first. */
export async function listMerchants(context: Context): Promise<Merchant[]> {
  return context.database.query<Merchant>(
    sql`select id, name, duplicate_guard from merchants where deleted_at is null order by id`,
  )
}

/** The merchants with these ids. */
export async function findMerchants(context: Context, ids: string[]): Promise<(Merchant | undefined)[]> {
  const rows = await context.database.query<Merchant>(sql.named`
    select ${columns} from merchants m where id = any (${ids}::uuid[]) and deleted_at is null`)
  const merchants = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => merchants.get(id))
}

/** What a merchant may set for itself. What is left out stays; what is null is taken away. */
export type MerchantChange = Partial<
  Pick<
    Merchant,
    'name' | 'duplicate_guard' | 'language' | 'invoice_reminders' | 'tax_pin' | 'vat_rate_points' | 'address' | 'email'
  >
> & { color?: string }

/** Changes what a merchant may set for itself. @throws a Problem when the name is another's. */
export async function updateMerchant(
  context: Context,
  { id, ...change }: { id: string } & MerchantChange,
): Promise<Merchant> {
  const details = removable.map((name) =>
    change[name] === undefined ? sql`${raw(name)} = ${raw(name)}` : sql`${raw(name)} = ${change[name]}`,
  )
  return context.database.transaction(async (transaction) => {
    const merchant = await transaction
      .one<Merchant>(
        sql`
        update merchants m set name = coalesce(${change.name}, name), duplicate_guard = coalesce(${change.duplicate_guard}, duplicate_guard),
          color = coalesce(${change.color}, color), language = coalesce(${change.language}, language),
          invoice_reminders = coalesce(${change.invoice_reminders}, invoice_reminders), ${join(details, sql`, `)}
        where id = ${id} returning ${columns}`,
      )
      .catch((error: { constraint?: string }) => {
        if (error.constraint !== 'merchants_by_name') throw error
        throw new Problem('conflict', `Another merchant of this installation is named "${change.name}".`, 'name')
      })
    await writeAudit(transaction, context, {
      merchant_id: id,
      action: 'merchant.changed',
      subject: showId('mer', id),
      details: change,
    })
    return merchant
  })
}
