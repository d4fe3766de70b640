import type { Mode } from '../access/key.ts'
import { accountOfCaller, refuseEnded } from '../accounts/named.ts'
import type { Context } from '../context.ts'
import { Problem } from '../problem.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { judgeLines } from './batch-judge.ts'
import { readCsv, readLines, refuseSize } from './batch-lines.ts'
import type { BatchLine, LineFault } from './batch-lines.ts'
import { limitsOf } from './limit.ts'
import { providerWords } from '../providers/names.ts'

/** What the lines of a CSV would ask for, or what is wrong with which of them. */
export type BatchPreview = { lines: BatchLine[]; faults: LineFault[]; total_cents: number }

/**
 * Says what a batch of these lines would come to, and makes none.
 * @throws a Problem for what is no such CSV, and where payouts are not enabled.
 */
export async function previewBatch(
  context: Context,
  { merchant_id, mode, csv, account: otherwise }: { merchant_id: string; mode: Mode; csv: string; account?: string },
): Promise<BatchPreview> {
  await limitsOf(context.database, merchant_id)
  const written = readCsv(csv)
  refuseSize(written.length)
  const read = readOrFaults(written)
  if ('faults' in read) return { lines: [], faults: read.faults, total_cents: 0 }
  const { lines } = read
  const { provider, account: named = otherwise } = lines[0]!.input
  const account = await accountOfCaller(context, { merchant_id, mode }, { provider, account: named })
  refuseEnded(account)
  const payouts = supported(
    providerOf(context, { provider }).payouts,
    `The provider ${providerWords[provider]} sends no money.`,
  )
  const faults = judgeLines(lines, account, payouts)
  return { lines, faults, total_cents: lines.reduce((sum, { input }) => sum + input.amount_cents, 0) }
}

function readOrFaults(written: Parameters<typeof readLines>[0]): { lines: BatchLine[] } | { faults: LineFault[] } {
  try {
    return { lines: readLines(written) }
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_batch')
      return { faults: error.details!['lines'] as LineFault[] }
    throw error
  }
}
