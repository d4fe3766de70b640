import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNode } from '../node.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { csvRow } from './csv.ts'

/** Asks for a list as a CSV, over the whole server. */
function csvOf({ context, merchant }: Story, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const accept = { 'X-API-Key': merchant.key, Accept: 'text/csv', ...headers }
  return Promise.resolve(createNode(context).app.request(path, { headers: accept }))
}

/** Payments that wait at their checkout: nothing is asked of a provider. */
async function waiting({ pay }: Story, count: number, input: Record<string, unknown> = {}): Promise<any[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => pay({ phone: undefined, account_reference: `INV-${index}`, ...input })),
  )
}

test('a list comes as a CSV: all pages, as filtered, with the names of JSON', () =>
  story({}, async (told) => {
    await waiting(told, 230)
    await waiting(told, 3, { amount: 7 })
    const answer = await csvOf(told, '/v1/payments?max_amount=100&min_amount=100&limit=5')
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('Content-Type'), 'text/csv; charset=utf-8; header=present')
    assert.equal(answer.headers.get('Content-Disposition'), 'attachment; filename="payments.csv"')
    const [head, ...rows] = (await answer.text()).trimEnd().split('\r\n')
    const names = head!.split(',')
    assert.deepEqual(names.slice(0, 5), ['id', 'merchant_id', 'environment', 'amount', 'currency'])
    for (const name of ['failure.code', 'payer.name', 'metadata']) assert.ok(names.includes(name), name)
    assert.equal(rows.length, 230)
    assert.equal(new Set(rows.map((row) => row.split(',')[0])).size, 230)
    const { body } = await told.call('GET', '/v1/payments?min_amount=100&limit=1')
    assert.equal(rows[0]!.split(',')[0], body.data[0].id, 'The newest comes first.')
  }))

test('a formula that a shop or a payer wrote is text', () =>
  story({}, async (told) => {
    await waiting(told, 1, { description: '=HYPERLINK("http://evil.example","Open")', customer: { name: '@SUM(A1)' } })
    const text = await (await csvOf(told, '/v1/payments')).text()
    assert.ok(text.includes(`"'=HYPERLINK(""http://evil.example"",""Open"")"`), text)
    assert.ok(text.includes(`,'@SUM(A1),`), text)
  }))

const cells: [value: unknown, cell: string][] = [
  [null, ''],
  [true, 'true'],
  [12, '12'],
  ['500.00', '500.00'],
  ['a "b", c', '"a ""b"", c"'],
  ['two\nlines', '"two\nlines"'],
  ['+254712345678', "'+254712345678"],
  ['-1', "'-1"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  [['a', 'b'], '"[""a"",""b""]"'],
  [{ order: 7 }, '"{""order"":7}"'],
]
for (const [value, cell] of cells)
  test(`${JSON.stringify(value)} is the cell ${JSON.stringify(cell)}`, () =>
    assert.equal(csvRow([value]), `${cell}\r\n`))

test('a page is asked for when the one before has gone, so that a list takes the memory of a page', async () => {
  let pages = 0
  const counting: NonNullable<Parameters<typeof story>[0]['wrap']>['database'] = (database) => ({
    ...database,
    query(query) {
      if (/from payments[^]*limit/.test(query.strings.join(''))) pages += 1
      return database.query(query)
    },
  })
  await story({ wrap: { database: counting } }, async (told) => {
    await waiting(told, 350)
    pages = 0
    const reader = (await csvOf(told, '/v1/payments')).body!.getReader()
    await reader.read()
    await reader.read()
    assert.ok(pages <= 2, `${pages} pages were read`)
    await reader.cancel()
    await told.simulator.settled()
    assert.ok(pages <= 2, `${pages} pages were read`)
  })
})

test('a list that breaks midway is broken off, and never looks whole', async () => {
  let isAway = false
  await story(
    {
      wrap: {
        database: (database) => ({
          ...database,
          async query(query) {
            if (isAway) throw new Error('Gone.')
            return database.query(query)
          },
        }),
      },
    },
    async (told) => {
      await waiting(told, 150)
      const answer = await csvOf(told, '/v1/payments')
      isAway = true
      await assert.rejects(answer.text(), /could not be read/)
      isAway = false
    },
  )
})

test('every list of the API is one, and what is no list stays JSON', () =>
  story({}, async (told) => {
    const { body } = await told.call('GET', '/v1/openapi.json')
    const lists = Object.entries<any>(body.paths).filter(([, { get }]) => get?.responses[200].content['text/csv'])
    assert.ok(lists.length >= 10, String(lists.length))
    for (const [path] of lists.filter(([name]) => !name.includes('{'))) {
      const answer = await csvOf(told, `/v1${path}`)
      assert.match(answer.headers.get('Content-Type')!, /^text\/csv/, path)
      assert.match((await answer.text()).split('\r\n')[0]!, /^[a-z0-9_]+(,[a-z0-9_.]+)+$/, path)
    }
    const merchant = await csvOf(told, '/v1/merchant')
    assert.match(merchant.headers.get('Content-Type')!, /json/)
    const browser = await csvOf(told, '/v1/payments', { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
    assert.match(browser.headers.get('Content-Type')!, /json/)
  }))

test('what is wrong with a filter or a key is told as always', () =>
  story({}, async (told) => {
    const wrong = await csvOf(told, '/v1/payments?status=paid')
    assert.equal(wrong.status, 400)
    assert.equal(((await wrong.json()) as any).error.param, 'status')
    assert.equal((await csvOf(told, '/v1/payments', { 'X-API-Key': 'sk_test_none' })).status, 401)
  }))
