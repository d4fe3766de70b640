import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startMortalNode } from '../../testing/mortal-node.ts'
import { counts, eventsOf, reconciling as scene } from '../../testing/reconciling.ts'
import type { Reconciling } from '../../testing/reconciling.ts'
import { sql } from '../database/sql.ts'
import { createMpesa } from '../providers/mpesa/mpesa.ts'

/** One line that is known, one of a payment that nobody heard of, and one that nothing explains. */
async function threeLines(told: Reconciling): Promise<string> {
  await told.paidUnheard({ account_reference: 'OLD' })
  await told.run()
  await told.paidUnheard({ account_reference: 'RENT', phone: '0799000120', amount: 50 })
  await told.simulator.phones.get('0712345678').pay({ shortcode: '174379', amount: 70, reference: 'X' })
  await told.simulator.settled()
  await told.context.database.query(sql`update provider_accounts set reconcile_at = null`)
  return told.simulator.statement()
}

/** Uploads to a node that dies when it has passed so many seams. True where it lived. */
async function uploadTo(told: Reconciling, content: string, seams: number): Promise<boolean> {
  // Another process has another provider.
  const node = startMortalNode({ ...told.context, providers: { ...told.context.providers, mpesa: createMpesa() } })
  node.dieIn(seams)
  const headers = { 'X-API-Key': told.merchant.key, 'Content-Type': 'text/csv' }
  const request = new Request('http://lango.test/v1/reconciliation/statements', {
    method: 'POST',
    headers,
    body: content,
  })
  const answer = await node.fetch(request).catch(() => undefined)
  if (answer) assert.equal(answer.status, 201, await answer.text())
  return node.isAlive()
}

test('wherever a node dies that compares a statement, another goes on, and each line and each shilling counts once', async () => {
  let seams = 1
  for (let lived = false; !lived; seams += 3) {
    await scene(async (told) => {
      const content = await threeLines(told)
      lived = await uploadTo(told, content, seams)
      await told.advance('5 minutes')
      await told.sweep('reconciliation')
      const runs = (await told.call('GET', '/v1/reconciliation/runs?source=statement')).body.data
      const run = runs[0] ?? (await told.upload(content))
      assert.equal(run.status, 'completed', `after ${seams} seams`)
      assert.deepEqual(counts(run.report), [1, 1, 0, 1], `after ${seams} seams`)
      assert.equal((await told.items(run)).length, 3)
      assert.equal((await eventsOf(told, 'payment.completed')).length, 2)
      assert.equal(await told.books(), 220)
    })
  }
  assert.ok(seams > 20, 'There are more seams than these.')
})
