import { isColumn } from './columns.ts'
import { installationTables } from './spread.ts'
import type { Sql } from './sql.ts'

/** Values of a statement that name merchants: one, or a column of many rows with the other columns of these. */
type Naming = { at: number; columns?: [from: number, until: number] }

/** What a text says of where it is to be run. */
type Reading = { isOfInstallation: boolean; namings: Naming[]; hasRowsOfNobody: boolean }

/** Whose data a statement is about. */
export type Aim = {
  /** All merchants whom it names; none where it asks of all, or of the installation. */
  merchants: string[]
  /** True where it would name merchants, and there are none: lists without rows. */
  isOfNobody: boolean
  /** The same statement, for those of its rows that are of these merchants. */
  of(isTheirs: (merchant: string) => boolean): Sql
}

const readings = new Map<string, Reading>()
const readingsMax = 2_000

const installation = installationTables.join('|')
const writesInstallation = new RegExp(`\\b(?:insert into|update|delete from)\\s+(?:${installation})\\b`)
const tables = /\b(?:from|join|into|update|using)\s+([a-z][a-z0-9_]*)\b/g

/**
 * Reads in a statement whose data it is about. Every statement on merchants' data names its merchant, as `merchant_id = …`, in rows that
 * have a column of that name, or as what it inserts there.
 */
export function aimOf(query: Sql, isMerchants: (table: string) => boolean): Aim {
  const { isOfInstallation, namings, hasRowsOfNobody } = read(query, isMerchants)
  const named = isOfInstallation ? [] : namings.flatMap(({ at }) => merchantsIn(query.values[at]))
  const merchants = [...new Set(named)].filter(Boolean)
  return {
    merchants,
    isOfNobody: !isOfInstallation && namings.length > 0 && merchants.length === 0,
    of(isTheirs) {
      if (hasRowsOfNobody)
        throw new Error(
          `Rows of a statement that is about several merchants do not say whose they are: ${query.strings.join('…').slice(0, 300)}`,
        )
      const values = [...query.values]
      for (const { at, columns } of namings) {
        const named = query.values[at]
        if (typeof named === 'string') continue
        const merchants = merchantsIn(named)
        const [from, until] = columns ?? [at, at + 1]
        for (let index = from; index < until; index++)
          values[index] = only(query.values[index], (row) => isTheirs(merchants[row]!))
      }
      return { ...query, values }
    },
  }
}

/** The merchants that a value names: one, some, or those of a column of rows. */
function merchantsIn(value: unknown): string[] {
  return (isColumn(value) ? value.values() : [value].flat()) as string[]
}

function only(column: unknown, isKept: (row: number) => boolean): unknown {
  return isColumn(column) ? column.only(isKept) : (column as unknown[]).filter((_, row) => isKept(row))
}

function read({ strings }: Sql, isMerchants: (table: string) => boolean): Reading {
  const text = strings.join('?')
  const known = readings.get(text)
  if (known) return known
  const merchantTables = [...text.matchAll(tables)].filter(([, name]) => isMerchants(name!))
  const lists = rowsIn(strings)
  const reading = {
    isOfInstallation: writesInstallation.test(text) || merchantTables.length === 0,
    namings: [
      ...strings.slice(0, -1).flatMap((before, at) => (namesMerchant.test(before) ? [{ at }] : [])),
      ...lists.flatMap(({ naming }) => naming ?? []),
    ],
    hasRowsOfNobody: lists.some(({ naming }) => !naming),
  }
  if (readings.size < readingsMax) readings.set(text, reading)
  return reading
}

/** What stands before a value that is the id of a merchant, or the ids of several. */
const namesMerchant = /\bmerchant_id = (?:any \()?$|\(merchant_id, [^()]*\)\s+(?:values \(|select )$/

/** Lists of rows, which `rows` of `columns.ts` has written, each with where its merchants stand. */
function rowsIn(strings: readonly string[]): { naming?: Naming }[] {
  return strings.flatMap((before, from) => {
    if (!before.endsWith('unnest(')) return []
    const until = strings.findIndex((after, index) => index > from && /^::[a-z]+\[\]\) as /.test(after))
    if (until < 0) return []
    const [, names = ''] = /^[^(]*\(([^)]*)\)/.exec(strings[until]!.slice(strings[until]!.indexOf(' as '))) ?? []
    const place = names.split(', ').indexOf('merchant_id')
    return [place < 0 ? {} : { naming: { at: from + place, columns: [from, until] } }]
  })
}
