import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import type { Sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { listPayments } from '../payments/find.ts'

/** What a search finds among the payments or the money, by their references. */
async function found({ call }: Story, path: string, search: string): Promise<string[]> {
  const { status, body } = await call('GET', `${path}?search=${encodeURIComponent(search)}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body.data.map((row: any) => row.account_reference).toSorted()
}

/** A shop with two payments that wait, one that Amina paid by the menu, and money of hers that nobody knows. */
async function shop(plot: (told: Story & { receipts: string[] }) => Promise<void>): Promise<void> {
  await story({}, async (told) => {
    const { call, pay, simulator } = told
    await call('POST', '/v1/mpesa/c2b/register')
    await pay({ amount: 900, account_reference: 'RENT-1', phone: undefined, customer: { name: 'Otieno Wanyama' } })
    await pay({ amount: 901, account_reference: 'RENT-2', phone: '0799000120', external_reference: 'otherwise-7' })
    const amina = simulator.phones.get('0712345678')
    await pay({ amount: 1500, account_reference: 'SHOES-1', phone: undefined })
    const receipts: string[] = []
    for (const [amount, reference] of [[1500, 'shoes 1'] as const, [2500, 'hats'] as const]) {
      const paid = await amina.pay({ shortcode: '174379', amount, reference })
      assert.ok(paid.status === 'paid')
      receipts.push(paid.receipt)
      await simulator.settled()
    }
    await told.context.database.query(
      sql`update money_in set payer_name = 'AMINA  Wanjiru' where merchant_id = ${told.merchant.id}`,
    )
    await plot({ ...told, receipts })
  })
}

test('a payment is found by what a person knows of it', () =>
  shop(async (told) => {
    const searches: [text: string, references: string[]][] = [
      ['otieno', ['RENT-1']],
      ['wanya oti', ['RENT-1']],
      ['Wan', ['RENT-1', 'SHOES-1']],
      ['amina wanjiru', ['SHOES-1']],
      ['amina otieno', []],
      ['0799 000 120', ['RENT-2']],
      ['254799', ['RENT-2']],
      ['rent', ['RENT-1', 'RENT-2']],
      ['otherwise', ['RENT-2']],
      [told.receipts[0]!.toLowerCase(), ['SHOES-1']],
      ["q' | & ! (", []],
      ['%', []],
      ['_', []],
    ]
    for (const [text, references] of searches)
      assert.deepEqual(await found(told, '/v1/payments', text), references, text)
    const { body } = await told.call('GET', '/v1/payments?search=rent&min_amount=901')
    assert.equal(body.data.length, 1)
  }))

test('money that came is found by phone, amount, code and name', () =>
  shop(async (told) => {
    const searches: [text: string, references: string[]][] = [
      ['amina', ['hats', 'shoes 1']],
      ['wanj ami', ['hats', 'shoes 1']],
      ['0712345678', ['hats', 'shoes 1']],
      ['2500', ['hats']],
      ['KES 2,500.00', ['hats']],
      ['ha', ['hats']],
      [
        told.receipts[1]!.slice(0, 9),
        told.receipts[0]!.startsWith(told.receipts[1]!.slice(0, 9)) ? ['hats', 'shoes 1'] : ['hats'],
      ],
      ['otieno', []],
    ]
    for (const [text, references] of searches)
      assert.deepEqual(await found(told, '/v1/money-in', text), references, text)
    const { body } = await told.call('GET', '/v1/money-in?search=amina&unmatched=true')
    assert.deepEqual(
      body.data.map(({ account_reference }: any) => account_reference),
      ['hats'],
    )
  }))

test('money is found by a phone of which only the hash was told', () =>
  shop(async (told) => {
    await told.context.database.query(sql`
      update money_in set phone = null, phone_hash = encode(sha256('254712345678'::bytea), 'hex') where merchant_id = ${told.merchant.id}`)
    assert.deepEqual(await found(told, '/v1/money-in', '0712 345 678'), ['hats', 'shoes 1'])
  }))

test('what a search finds comes page by page, each row once', () =>
  shop(async (told) => {
    for (let index = 10; index < 30; index++)
      await told.pay({ phone: undefined, account_reference: `RENT-${index}`, external_reference: `rent-${index}` })
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const { body } = await told.call('GET', `/v1/payments?search=rent&limit=7${cursor}`)
      seen.push(...body.data.map(({ id }: any) => id))
      if (!body.meta.has_more) break
      cursor = `&cursor=${body.meta.next_cursor}`
    }
    assert.equal(seen.length, 22)
    assert.deepEqual(seen, [...new Set(seen)].toSorted().toReversed())
  }))

test('a search of what is old asks the indexes, slice by slice', () =>
  shop(async (told) => {
    const { body } = await told.call('GET', '/v1/payments?limit=1&status=pending')
    const like = parseId('pay', body.data[0].id)
    const { context, merchant } = told
    // An hour between each two: more than are looked through lie before the newest of them.
    await context.database.query(sql`
      insert into payments (merchant_id, id, provider_account_id, provider, environment, origin, status, amount_cents, sent_reference, payer_name, created_at, updated_at)
      select merchant_id, (left(lpad(to_hex((extract(epoch from created_at) * 1000)::bigint - n::bigint * 3600000), 12, '0'), 12) || '7' || lpad(n::text, 19, '0'))::uuid,
        provider_account_id, provider, environment, origin, status, amount_cents, 'X' || n, 'PAYER ' || n || case n when 4000 then ' Rare' else '' end, created_at, updated_at
      from payments, generate_series(1, 5000) n where merchant_id = ${merchant.id} and id = ${like}`)
    await context.database.query(sql`analyze payments`)
    const plans: string[] = []
    const query = async (asked: Sql) => {
      const rows = await context.database.query<any>(asked)
      const [first, ...rest] = asked.strings
      const explained = { values: asked.values, strings: [`explain (analyze, format json) ${first}`, ...rest] }
      plans.push(JSON.stringify(await context.database.query(explained)))
      return rows
    }
    const explaining = { ...context, database: { ...context.database, query } } as typeof context
    for (const [search, index] of [
      ['rare', 'payments_by_name_in_slice'],
      ['X4000', 'payments_by_reference_in_slice'],
    ] as const) {
      plans.length = 0
      const listing = { merchant_id: merchant.id, mode: 'test' as const, filter: { search }, limit: 20 }
      const { rows } = await listPayments(explaining, listing)
      assert.deepEqual(
        rows.map(({ sent_reference }) => sent_reference),
        ['X4000'],
      )
      assert.match(plans.join(), new RegExp(index))
    }
  }))
