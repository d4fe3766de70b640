import type pg from 'pg'

/** What the tables add up to, by merchant and environment: so much of it, in so many rows. */
export type Sum = { what: string; merchant_id: string; environment: string; count: string; cents: string }

/** What a table held, and the SHA-256 of its rows as they were copied. */
export type Held = { table: string; rows: number; sha256: string }

/** What stands at the end of a backup: what must be there again after it was restored. */
export type Manifest = { tables: Held[]; sums: Sum[] }

/** Adds the money up, by what the tables have had since the first version. */
export async function addUp(client: pg.Client): Promise<Sum[]> {
  const { rows } = await client.query<Sum>(`
    select what, merchant_id::text, environment, count(*)::text as count, coalesce(sum(amount_cents), 0)::text as cents from (
      select 'money in' as what, merchant_id, environment, amount_cents from money_in
      union all select 'payments ' || status, merchant_id, environment, amount_cents from payments
      union all select 'refunds ' || status, merchant_id, environment, amount_cents from refunds
      union all select 'payouts ' || status, merchant_id, environment, amount_cents from payouts
    ) all_money group by 1, 2, 3 order by 1, 2, 3`)
  return rows
}

/** What differs between what was backed up and what is there, in sentences. */
export function compare(expected: Manifest, found: Manifest): string[] {
  const held = new Map(found.tables.map((one) => [one.table, one]))
  const tables = expected.tables.flatMap(({ table, rows, sha256 }) => {
    const other = held.get(table)
    if (other?.rows !== rows) return [`${table} has ${other?.rows ?? 0} rows of ${rows}.`]
    return other.sha256 === sha256 ? [] : [`${table} has other rows than were backed up.`]
  })
  const sums = new Map(found.sums.map((sum) => [nameOf(sum), sum]))
  const money = expected.sums.flatMap((sum) => {
    const other = sums.get(nameOf(sum))
    if (other?.count === sum.count && other.cents === sum.cents) return []
    return [`${nameOf(sum)} is ${other?.cents ?? 0} cents in ${other?.count ?? 0}, of ${sum.cents} in ${sum.count}.`]
  })
  const more = expected.sums.length === found.sums.length ? [] : ['There is money that was not backed up.']
  return [...tables, ...money, ...more]
}

function nameOf({ what, merchant_id, environment }: Sum): string {
  return `${what} of merchant ${merchant_id} (${environment})`
}
