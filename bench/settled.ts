import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { sql } from '../server/database/sql.ts'
import { connect, migrate, startEmbedded } from '../server/index.ts'
import { measureCallbacks } from './callbacks.ts'
import { atLeast, printGoals } from './goals.ts'
import { printRows } from './table.ts'
import type { Row } from './table.ts'

/** A rate, and beside how many payments. */
type Settled = Row & { perSecond: number; beside: number }

/**
 * How fast callbacks are settled in an empty database, and in filled ones: each settles so many payments of a merchant that is made
 * for it, beside those that are there, so that a directory can be measured again. Answers each rate, and how many there were.
 */
export async function measureSettled(
  directories: string[],
  { payments }: { payments: number },
): Promise<{ payments: number; perSecond: number }[]> {
  const empty = mkdtempSync(join(tmpdir(), 'lango-bench-'))
  const rows: Settled[] = []
  try {
    rows.push({ name: 'empty', ...(await settledIn(empty, payments)) })
    for (const directory of directories)
      rows.push({ name: basename(directory), ...(await settledIn(directory, payments)) })
  } finally {
    rmSync(empty, { recursive: true, force: true })
  }
  printRows('callbacks settled, beside the payments that are there', rows)
  const [none, ...filled] = rows
  printGoals(
    filled.map((row) => atLeast(`rate with ${row.name}, of the empty one`, 0.9, row.perSecond / none!.perSecond)),
  )
  return rows.map(({ beside, perSecond }) => ({ payments: beside, perSecond: Math.round(perSecond) }))
}

async function settledIn(directory: string, payments: number): Promise<Omit<Settled, 'name'>> {
  const embedded = await startEmbedded({ directory })
  try {
    const beside = await countPayments(embedded.url)
    const settled = await measureCallbacks('lango', {
      url: embedded.url,
      payments,
      coming: { connections: 128 },
      isFilled: true,
    })
    return { ...settled, beside }
  } finally {
    await embedded.stop()
  }
}

async function countPayments(url: string): Promise<number> {
  const database = connect(url, { connections: 2 })
  try {
    await migrate(database)
    return (await database.one<{ count: number }>(sql`select count(*)::int as count from payments`)).count
  } finally {
    await database.end()
  }
}
