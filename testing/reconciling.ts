import assert from 'node:assert/strict'
import { sql } from '../server/database/sql.ts'
import { booksOf } from './books-of.ts'
import { story } from './story.ts'
import type { Story, StoryOptions } from './story.ts'

/** A shop that is registered for Pull Transactions, hears of nothing, and compares its books with M-Pesa's. */
export type Reconciling = Story & {
  /** A customer who pays when asked; the callback is lost. */
  paidUnheard(input?: Record<string, unknown>): Promise<{ id: string; receipt: string }>
  /** A run by hand, which must end well. */
  run(window?: Record<string, string>): Promise<any>
  /** The upload of a statement, whatever becomes of it. */
  send(
    file: string | Uint8Array,
    query?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any }>
  /** The upload of a statement, of which the run must end well. */
  upload(file: string | Uint8Array, query?: string): Promise<any>
  /** The sentence by which the upload of a statement is refused. */
  refusal(file: string | Uint8Array, query?: string): Promise<string>
  items(run: { id: string }, query?: string): Promise<any[]>
  moneyIn(receipt: string): Promise<any>
  /** What came from customers and did not go back, in shillings. */
  books(): Promise<number>
}

const shopsPhone = '0712345678'

/** Tells the story of such a shop. */
export function reconciling(plot: (scene: Reconciling) => Promise<void>, options: StoryOptions = {}): Promise<void> {
  return story(options, async (told) => {
    const registered = await told.call('POST', '/v1/reconciliation/mpesa/register', { nominated_number: '0722000000' })
    assert.equal(registered.status, 200, JSON.stringify(registered.body))
    told.simulator.faults.set({ rules: [{ api: '*', fault: 'drop_callback', probability: 1 }] })
    const send: Reconciling['send'] = (file, query = '', headers = { 'Content-Type': 'text/csv' }) =>
      told.call('POST', `/v1/reconciliation/statements?${query}`, file, headers)
    await plot({
      ...told,
      async paidUnheard(input = {}) {
        const { id } = await told.pay(input)
        told.simulator.phones.get((input['phone'] as string | undefined) ?? shopsPhone).approve()
        await told.simulator.settled()
        return { id, receipt: told.simulator.ledger.entries.at(-1)!.receipt }
      },
      run: async (window = {}) => ended(await told.call('POST', '/v1/reconciliation/runs', window)),
      send,
      upload: async (file, query) => ended(await send(file, query)),
      async refusal(file, query) {
        const { status, body } = await send(file, query)
        assert.equal(status, 400, JSON.stringify(body))
        return body.error.message
      },
      items: async ({ id }, query = '') =>
        (await told.call('GET', `/v1/reconciliation/runs/${id}/items?limit=100&${query}`)).body.data,
      moneyIn: async (receipt) => (await told.call('GET', `/v1/money-in?receipt=${receipt}`)).body.data[0],
      books: async () => (await booksOf(told)).lango,
    })
  })
}

function ended({ status, body }: { status: number; body: any }): any {
  assert.equal(status, 201, JSON.stringify(body))
  assert.equal(body.data.status, 'completed', body.data.problem)
  return body.data
}

/** How many records matched, were recovered, are mismatched and were not found. */
export function counts(report: any): number[] {
  return [report.matched, report.recovered, report.mismatched, report.not_found].map(({ count }) => count)
}

/** The events of a type that the merchant was told of, in order. */
export async function eventsOf({ context }: Story, type: string): Promise<any[]> {
  const rows = await context.database.query<{ body: string }>(
    sql`select body from events where type = ${type} order by id`,
  )
  return rows.map(({ body }) => JSON.parse(body))
}
