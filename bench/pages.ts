import { formatNairobi } from '@lango/daraja'
import { createKey } from '../server/access/key.ts'
import { scopes } from '../server/access/scope.ts'
import { later } from '../server/clock.ts'
import type { Context } from '../server/context.ts'
import { nameOf } from '../server/dashboard/cookies.ts'
import { sql } from '../server/database/sql.ts'
import { firstIdOf, newId, showId } from '../server/id.ts'
import { createNode } from '../server/node.ts'
import { insertMember } from '../server/people/member.ts'
import { beginSession } from '../server/people/session.ts'
import { insertUser } from '../server/people/user.ts'

const dayMs = 86_400_000

/** How long a page took, in milliseconds: half of the times that it was asked for, and 95 of 100. */
export type PageTime = { path: string; status: number; p50Ms: number; p95Ms: number }

/** Something of a filled database that can be looked for. */
type Sample = {
  id: string
  provider_receipt: string
  phone: string
  payer_name: string
  sent_reference: string
  created_at: Date
}

/**
 * Asks for every page, list, filter and search of the largest merchant, as its owner and with its key, in this process: each so
 * often, in turn, so that whatever else the machine does meets all of them. An export is measured until its first byte.
 */
export async function measurePages(context: Context, { times }: { times: number }): Promise<PageTime[]> {
  const { merchant_id } = await context.database.one<{ merchant_id: string }>(
    sql`select merchant_id from receipt_numbers order by last_number desc limit 1`,
  )
  const headers = await visitorOf(context, merchant_id)
  await letSomeWait(context, merchant_id)
  const { app } = createNode(context)
  const paths = pagesOf(await sampleOf(context, merchant_id), context.clock.now())
  const pages = paths.map((path) => ({ path, took: [] as number[], status: 0 }))
  for (let time = 0; time <= times; time++) {
    for (const page of pages) {
      const begun = performance.now()
      const answer = await app.request(page.path, {
        headers: page.path.startsWith('/v1/') ? headers.api : headers.page,
      })
      const reader = answer.body?.getReader()
      await reader?.read()
      // What comes first has to be planned and read for the first time.
      if (time > 0) page.took.push(performance.now() - begun)
      page.status = answer.status
      await reader?.cancel()
    }
  }
  return pages.map(({ path, took, status }) => ({ path, status, p50Ms: at(took, 0.5), p95Ms: at(took, 0.95) }))
}

function at(took: number[], share: number): number {
  const sorted = took.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

async function visitorOf(context: Context, merchant_id: string) {
  const email = `owner-${newId(context.clock.now())}@duka.example`
  const token = await context.database.transaction(async (transaction) => {
    const user = await insertUser(transaction, context, { email, name: 'Owner', password: '$argon2id$none' })
    await insertMember(transaction, context, { merchant_id, user_id: user.id, role: 'owner' })
    return beginSession(transaction, context, { user_id: user.id, address: '127.0.0.1' })
  })
  const { key } = await createKey(context, { merchant_id, name: 'bench', mode: 'test', scopes: [...scopes] })
  return { page: { Cookie: `${nameOf(context, 'session')}=${token}`, Accept: 'text/html' }, api: { 'X-API-Key': key } }
}

/** Lets the newest of what came need a person, as some of it does on any day. */
async function letSomeWait({ database }: Context, merchant_id: string): Promise<void> {
  const newest = sql`select id from payments where merchant_id = ${merchant_id} and status = 'completed' order by id desc limit 100`
  await database.query(sql`
    update payments set needs_attention = array['wrong_amount'], attention_since = completed_at, attention_told = true
    where merchant_id = ${merchant_id} and id in (${newest})`)
  await database.query(sql`
    update money_in set looked_at = null where merchant_id = ${merchant_id} and id in (
      select id from money_in where merchant_id = ${merchant_id} and payment_id is null order by id desc limit 200)`)
}

/** A payment from the middle of the year, with a name. */
function sampleOf(context: Context, merchant_id: string): Promise<Sample> {
  return context.database.one<Sample>(sql`
    select * from payments where merchant_id = ${merchant_id} and status = 'completed' and payer_name is not null
      and id > ${firstIdOf(later(context.clock.now(), -180 * dayMs))} order by id limit 1`)
}

const lists = ['/payments', '/money-in', '/v1/payments', '/v1/money-in']
const others =
  '/attention /refunds /payouts /reconciliation /webhooks /developers /team /audit /cashier /settings /invoices /links /receipt-book /v1/events /v1/deliveries /v1/refunds /v1/invoices /v1/receipts /v1/attention /v1/audit/logs /v1/reconciliation/runs /payments.csv /money-in.csv'

function pagesOf(sample: Sample, now: Date): string[] {
  return [
    ...[0, 6, 29, 89, 364].map((days) => `/?from=${dayBefore(now, days)}&until=${dayBefore(now, 0)}`),
    ...others.split(' '),
    `/payments/${showId('pay', sample.id)}`,
    ...lists.flatMap((list) => ['', ...searchesOf(sample), ...filtersOf(sample)].map((query) => `${list}?${query}`)),
  ]
}

/** What somebody types who looks for this payment, letter by letter; and what finds nothing. */
function searchesOf({ provider_receipt: code, phone, payer_name, sent_reference }: Sample): string[] {
  const [first, last] = payer_name.toLowerCase().split(' ') as [string, string]
  const typed = [code.slice(0, 3), code, phone.slice(3, 8), phone, first.slice(0, 3), `${last} ${first}`]
  const absent = ['ZZZZ', '0199999999', 'nobodyatall', 'amina zzz', '7777777.77']
  return [...typed, sent_reference.slice(0, 5), sent_reference, ...absent].map(
    (text) => `search=${encodeURIComponent(text)}`,
  )
}

/** Filters that find much, little and nothing. */
function filtersOf({ created_at }: Sample): string[] {
  const [month, day] = [dayBefore(created_at, 30), dayBefore(created_at, 1)]
  return [
    'min_amount=77777',
    'min_amount=4999&max_amount=5000',
    'max_amount=0.01',
    'status=failed',
    'status=reversed',
    'status=pending',
    'kind=c2b',
    'phone=0199999999',
    `since=${day}&until=${day}`,
    `since=${month}&until=${day}&status=failed&min_amount=4000`,
  ]
}

function dayBefore(at: Date, days: number): string {
  return formatNairobi(later(at, -days * dayMs), 'yyyy-MM-dd')
}
