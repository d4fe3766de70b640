import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { createBatcher } from '../../server/database/batch.ts'
import { report } from './report.ts'
import { acknowledge, claimDue, create, issue, record, settle } from './whole-statements.ts'

/**
 * The floor of whole payments: no framework, no rules, no waiting for what is due; hand-written statements, each for as many as there
 * are at the moment, write the rows that Lango writes: the intent with its key, the acknowledgement with its answer, the outcome, the
 * claim and the record of each post to the shop, and the receipts.
 */
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 12 })
const town = process.env['BENCH_DARAJA_URL']!
const agent = new Agent({ keepAlive: true })

type Row = Record<string, unknown>

/** Runs one statement for many rows, each column of them an array, and answers the rows that it told of. */
async function run(name: string, sql: string, columns: string[], rows: Row[]): Promise<Row[]> {
  const values = columns.map((column) => rows.map((row) => row[column]))
  return (await pool.query({ name, text: sql, values })).rows as Row[]
}

const each = (name: string, { sql, columns }: { sql: string; columns: string[] }) =>
  createBatcher((rows: Row[]) => run(name, sql, columns, rows).then(() => rows.map(() => undefined)), { size: 256 })

const [created, acknowledged, settled, recorded] = [
  each('create', create),
  each('acknowledge', acknowledge),
  each('settle', settle),
  each('record', record),
]

/** What is due is claimed once for all that ask at this moment. */
const claimed = createBatcher(
  async (asked: number[]) => {
    const due = await run('claim', claimDue, ['id'], [])
    for (const delivery of due) void deliver(delivery)
    return asked.map(() => undefined)
  },
  { size: 10_000 },
)

async function deliver({ body, secret, ...delivery }: Row): Promise<void> {
  const content = body as string
  const signature = createHmac('sha256', secret as Buffer)
    .update(content)
    .digest('base64')
  const answer = await post(delivery['url'] as string, content, { 'webhook-signature': `v1,${signature}` })
  await recorded({ ...delivery, answer })
}

function post(url: string, body: string, more: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...more }
    request(url, { method: 'POST', agent, headers }, (response) => void text(response).then(resolve, reject))
      .on('error', reject)
      .end(body)
  })
}

const { rows } = await pool.query(
  `select a.merchant_id, a.id as account_id, k.hash from provider_accounts a join api_keys k on k.merchant_id = a.merchant_id`,
)
const [shop] = rows as [{ merchant_id: string; account_id: string }]

async function pay(asked: IncomingMessage): Promise<string> {
  const input = JSON.parse(await text(asked))
  const id = timeOrdered()
  const payment = {
    ...shop,
    id,
    cents: input.amount * 100,
    phone: '254712345678',
    external_reference: input.external_reference,
  }
  await created({ ...payment, key: asked.headers['idempotency-key'] })
  const push = { Amount: input.amount, PhoneNumber: payment.phone, CallBackURL: `http://localhost/v1/in/${id}` }
  const raw = await post(`${town}/mpesa/stkpush/v1/processrequest`, JSON.stringify(push))
  const { CheckoutRequestID: provider_ref, MerchantRequestID: merchant_request_id } = JSON.parse(raw)
  const data = { id: `pay_${id.replaceAll('-', '')}`, status: 'pending', provider_ref }
  const answer = JSON.stringify({ success: true, data })
  const learnt = { provider_ref, merchant_request_id, raw: Buffer.from(raw), evidence_id: timeOrdered(), answer }
  await acknowledged({ ...payment, ...learnt, key: asked.headers['idempotency-key'] })
  return answer
}

async function hear(asked: IncomingMessage): Promise<string> {
  const body = await text(asked)
  const { stkCallback } = JSON.parse(body).Body
  const values = new Map<string, unknown>(
    stkCallback.CallbackMetadata.Item.map((item: { Name: string; Value: unknown }) => [item.Name, item.Value]),
  )
  const what = { receipt: values.get('MpesaReceiptNumber'), cents: Number(values.get('Amount')) * 100 }
  const id = asked.url!.slice('/v1/in/'.length)
  await settled({ merchant_id: shop.merchant_id, id, ...what, body: Buffer.from(body), fact: timeOrdered() })
  void claimed(1)
  return '{"ResultCode":0,"ResultDesc":"Accepted"}'
}

function timeOrdered(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

setInterval(() => {
  const ready = Array.from({ length: 200 }, (_, index) => ({
    place: index + 1,
    id: timeOrdered(),
    event_id: timeOrdered(),
    link_key: randomBytes(16).toString('base64url'),
  }))
  void run('issue', issue, ['place', 'id', 'event_id', 'link_key'], ready).then((done) => done.length > 0 && claimed(1))
}, 1_000)

const server = createServer((asked, response) => {
  const answering = asked.url === '/v1/payments' ? pay(asked) : hear(asked)
  void answering.then((body) => response.setHeader('content-type', 'application/json').end(body))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
report((server.address() as AddressInfo).port)
