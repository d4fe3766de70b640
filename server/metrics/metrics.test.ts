import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Context } from '../context.ts'
import { createContext } from '../create-context.ts'
import { connect } from '../database/connect.ts'
import type { Transaction } from '../database/sql.ts'
import { root } from '../../testing/tidy.ts'
import { story } from '../../testing/story.ts'
import { createMetrics } from './metrics.ts'
import { serveMetrics } from './serve-metrics.ts'

/** What a metric says, by its name and labels. */
const valueIn = (text: string, series: string) => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

test('Prometheus is told how payments end, how long they take, what is due and what needs a person', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lango-metrics-'))
  await story({ home }, async (told) => {
    const { context, simulator } = told
    await told.call('POST', '/v1/mpesa/c2b/register', {})
    await told.pay({ phone: '0708374149' })
    const { id } = await told.pay({ phone: '0712345678' })
    await told.advance('1 second')
    simulator.phones.get('0712345678').cancel()
    await told.payment(id)
    await told.advance('2 minutes')
    await told.pay({ phone: '0733000111', amount: 70 })
    await simulator.phones.get('0722000245').pay({ shortcode: '174379', amount: 40, reference: 'nobody knows' })
    await simulator.settled()
    await told.sweep('money')
    const served = await serveMetrics(context, { port: 0, host: '127.0.0.1' })
    try {
      const at = `http://127.0.0.1:${served.port}`
      const text = await (await fetch(`${at}/metrics`)).text()
      const says = (series: string) => valueIn(text, series)
      assert.equal(says('lango_up'), 1)
      assert.equal(says('lango_payments_last_hour{environment="simulator",outcome="completed"}'), 1)
      assert.equal(says('lango_payments_last_hour{environment="simulator",outcome="cancelled_by_payer"}'), 1)
      assert.equal(says('lango_payments_last_hour{environment="simulator",outcome="pending"}'), 1)
      assert.ok(says('lango_payment_delay_seconds{quantile="0.95"}')! < 60)
      assert.equal(says('lango_due{work="receipts to issue"}'), 1)
      assert.ok(says('lango_due_lag_seconds{work="receipts to issue"}')! > 100)
      for (const what of [
        'payments',
        'refunds',
        'payouts',
        'comparisons',
        'callbacks',
        'strays',
        'payments made elsewhere',
      ])
        assert.equal(says(`lango_attention{what="${what}"}`), 0, what)
      assert.equal(says('lango_attention{what="money"}'), 1)
      assert.equal(says('lango_spool_callbacks'), 0)
      assert.equal(says('lango_database_overloaded_seconds'), 0)
      assert.ok(says('lango_pool_connections{state="idle"}')! + says('lango_pool_connections{state="busy"}')! > 0)
      assert.equal(says('lango_pool_waiting'), 0)
      assert.ok(says('nodejs_eventloop_lag_p99_seconds') !== undefined)
      assert.ok(says('process_resident_memory_bytes')! > 0)
      assert.doesNotMatch(text, /2547|sk_test|story-secret/, 'Nobody is named.')
      assert.equal((await fetch(`${at}/`)).status, 404)
    } finally {
      served.close()
    }
  })
  rmSync(home, { recursive: true })
})

test('two that ask at once are both told everything', () =>
  story({}, async (told) => {
    await told.pay({ phone: '0708374149' })
    const { context } = told
    let [looks, other]: [number, Promise<string> | undefined] = [0, undefined]
    const database = Object.create(context.database, {
      transaction: {
        value(work: (transaction: Transaction) => Promise<unknown>) {
          // The second asks when the first has been told of payments, and is slower than that.
          if (++looks === 2) other = metrics.read()
          return context.database.transaction(work)
        },
      },
    })
    const spool = { state: async () => void (looks > 0 && (await first)) } as unknown as Context['spool']
    const metrics = createMetrics({ ...context, database, spool })
    const first = metrics.read()
    for (const text of [await first, await other!]) assert.match(text, /^lango_payments_last_hour\{.*\} 1$/m)
  }))

test('while the database is away, the process tells of itself all the same', () =>
  story({}, async ({ context }) => {
    const database = connect('postgres://nobody@127.0.0.1:1/none', { connections: 1 })
    const text = await createMetrics(createContext({ ...context, database })).read()
    await database.end()
    assert.equal(valueIn(text, 'lango_up'), 0)
    assert.ok(valueIn(text, 'process_resident_memory_bytes')! > 0)
  }))

test('the dashboard and the alerts ask for metrics that are told', () =>
  story({}, async ({ context }) => {
    const told = await createMetrics(context).read()
    const names = new Set([...told.matchAll(/^# HELP (\w+)/gm)].map(([, name]) => name!))
    const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana-dashboard.json'), 'utf8'))
    const asked = dashboard.panels.flatMap((panel: any) => panel.targets.map(({ expr }: { expr: string }) => expr))
    const alerts = readFileSync(join(root, 'deploy/alerts.yaml'), 'utf8').match(/expr: .*/g)!
    assert.ok(asked.length > 10 && alerts.length > 8)
    const used = [...asked, ...alerts].flatMap((expression) => expression.match(/\b(lango|nodejs|process)_\w+/g) ?? [])
    assert.deepEqual(
      [...new Set(used)].filter((name) => !names.has(name as string)),
      [],
    )
  }))
