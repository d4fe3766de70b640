import { compareBooks } from './storm/books.ts'
import type { Books } from './storm/books.ts'
import { calm, reconcile } from './storm/calm.ts'
import { rage } from './storm/rage.ts'
import { setStage } from './storm/stage.ts'

export type StormReport = Books & { seed: number; deaths: number; outages: number; seconds: number }

/**
 * Makes a storm: customers pay at two nodes of one installation, while callbacks are lost, repeated, late and out of order, the
 * provider fails, nodes die between any two steps, the database goes away and the clock jumps. When it is over and everything due
 * was done, Lango's books are held against the provider's ledger. The same seed makes much the same storm.
 */
export async function runStorm({ seed, payments }: { seed: number; payments: number }): Promise<StormReport> {
  const startedAt = process.hrtime.bigint()
  const stage = await setStage(seed)
  try {
    await rage(stage, payments)
    await calm(stage)
    await reconcile(stage)
    const books = await compareBooks(stage)
    const { deaths, outages } = stage.seen
    return { seed, ...books, deaths, outages, seconds: Number(process.hrtime.bigint() - startedAt) / 1e9 }
  } finally {
    await stage.end()
  }
}

/** One line that says how a storm ended. */
export function summarise(report: StormReport): string {
  const { seed, payments, completed, refunds, payouts, invoices, shillings, deaths, outages, seconds } = report
  const weather = `${deaths} deaths, ${outages} outages`
  return (
    `seed ${seed}: payments ${payments} (${completed} completed), refunds ${refunds}, payouts ${payouts}, invoices paid ${invoices}, paid elsewhere ${report.elsewhere}, fines paid ${report.fines}, KES ${shillings}, ` +
    `${weather}, lost ${report.lost}, double ${report.double}, events missing ${report.eventsMissing}, ` +
    `undelivered ${report.undelivered}, callbacks lost ${report.callbacksLost} in ${seconds.toFixed(1)} s`
  )
}
