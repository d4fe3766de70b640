import { sql } from '../../server/database/sql.ts'
import type { Stage } from './stage.ts'

const minuteMs = 60_000

/** The weather clears, and everything that Lango does by itself is done, for as long as the provider still knows. */
export async function calm(stage: Stage): Promise<void> {
  await clear(stage)
  const hours = [0, 0.02, 0.05, 0.1, 0.5, 1, 3, 8, 12, 12, 12, 24, 0]
  for (const hour of hours) {
    await stage.clock.advance(hour * 60 * minuteMs)
    await stage.rest()
    await sweepAll(stage)
  }
}

async function sweepAll(stage: Stage): Promise<void> {
  for (const node of stage.nodes)
    for (const name of node.sweepNames) await untilNothingIsDue(stage, () => node.sweep(name))
}

/** The accountant uploads the provider's statement of all of it: what nobody told Lango of, it learns now. */
export async function reconcile(stage: Stage): Promise<void> {
  for (const account of ['Utility Account', 'Working Account']) {
    const response = await stage.anyNode()!.fetch(statementUpload(stage, account))
    const body = await response.text()
    if (!/"status":"completed"|shows no completed movement/.test(body))
      throw new Error(`The statement was not taken: ${body}`)
  }
  await untilAllIsTold(stage)
}

// What a sweep has begun to post it may end after it: on a busy machine that takes its time.
async function untilAllIsTold(stage: Stage): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await sweepAll(stage)
    const waiting = await stage.database.query(sql`select from deliveries where status = 'pending' limit 1`)
    if (waiting.length === 0) return
    await stage.clock.advance('61 s')
  }
}

/** The upload of the statement that the simulator exports now. */
export function statementUpload({ simulator, merchant }: Stage, account = 'Utility Account'): Request {
  return new Request('http://lango.test/v1/reconciliation/statements', {
    method: 'POST',
    headers: { 'X-API-Key': merchant.key, 'Content-Type': 'text/csv' },
    body: simulator.statement({ shortcode: merchant.shortcode, account }),
  })
}

/** Ends all faults, and puts a living node in the place of each dead one. */
export async function clear(stage: Stage): Promise<void> {
  stage.simulator.faults.set({ rules: [] })
  Object.assign(stage.weather, { database: 'answers', shopFails: 0 })
  for (const node of stage.nodes) node.dieIn(Infinity)
  stage.revive()
  await stage.rest()
}

async function untilNothingIsDue(stage: Stage, sweep: () => Promise<number>): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const count = await sweep()
    await stage.rest()
    if (count === 0) return
  }
}
