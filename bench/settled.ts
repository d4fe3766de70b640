import { rmSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { startEmbedded } from '../server/index.ts'
import { measureCallbacks } from './callbacks.ts'
import { atLeast, printGoals } from './goals.ts'
import { printRows } from './table.ts'
import type { Row } from './table.ts'

/**
 * How fast callbacks are settled in an empty database, and in filled ones: each settles so many payments of a merchant that is made
 * for it, beside those that are there, so that a directory can be measured again.
 */
export async function measureSettled(directories: string[], { payments }: { payments: number }): Promise<void> {
  const empty = mkdtempSync(join(tmpdir(), 'lango-bench-'))
  const rows: Row[] = []
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
    filled.map((row) => atLeast(`rate with ${row.name}, of the empty one`, 0.9, row.perSecond! / none!.perSecond!)),
  )
}

async function settledIn(directory: string, payments: number): Promise<Omit<Row, 'name'>> {
  const embedded = await startEmbedded({ directory })
  try {
    return await measureCallbacks('lango', {
      url: embedded.url,
      payments,
      coming: { connections: 128 },
      isFilled: true,
    })
  } finally {
    await embedded.stop()
  }
}
