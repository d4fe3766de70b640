import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { readToken } from '../../server/token.ts'
import { report } from './report.ts'

/** The floor: no framework, no rules, no folding; one hand-written statement at a time writes the tables that Lango writes. */
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'] })
const keys = { current: Buffer.from(process.env['BENCH_SECRET_KEY']!, 'hex'), previous: [] }

type Item = { merchant: string; payment: string; receipt: string; amount: number; body: Buffer; reply: () => void }
let waiting: Item[] = []
let isBusy = false

async function drain(): Promise<void> {
  isBusy = true
  while (waiting.length > 0) {
    const batch = waiting.splice(0, 256)
    const column = <Value>(value: (item: Item) => Value) => batch.map(value)
    await pool.query({
      name: 'floor',
      text: `
        with f as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bytea[], $6::uuid[]) as f (m, p, receipt, cents, body, id)),
        s as (update payments p set status = 'completed', version = version + 1, provider_receipt = f.receipt, received_cents = f.cents,
          completed_at = now(), paid_at = now(), check_at = null from f where p.merchant_id = f.m and p.id = f.p and p.status = 'pending'
          returning p.merchant_id, p.id, p.version, p.provider_account_id, f.receipt, f.cents, f.id as fact),
        a as (insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id, created_at)
          select merchant_id, 'mpesa', 'simulator', receipt, fact, provider_account_id, cents, id, now() from s on conflict do nothing),
        e as (insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at)
          select merchant_id, fact, 'payment.completed', id, version, 'test', json_build_object('payment_id', id, 'receipt', receipt)::text, now() from s returning *),
        d as (insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at)
          select e.merchant_id, e.id, e.id, w.id, e.subject_id, now(), now() from e join webhook_endpoints w on w.merchant_id = e.merchant_id),
        c as (insert into callbacks (merchant_id, id, kind, subject_id, received_at, path, source_address, headers, body)
          select m, id, 'payment', p, now(), '', '', '{}', body from f)
        insert into evidence (merchant_id, id, subject_id, source, verdict, effect, receipt, amount_cents, callback_id, at)
        select m, id, p, 'callback', 'success', 'completed', receipt, cents, id, now() from f`,
      values: [
        column((i) => i.merchant),
        column((i) => i.payment),
        column((i) => i.receipt),
        column((i) => i.amount),
        column((i) => i.body),
        column(() => timeOrdered()),
      ],
    })
    for (const { reply } of batch) reply()
  }
  isBusy = false
}

function timeOrdered(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const { stkCallback } = JSON.parse(body.toString()).Body
    const subject = readToken(keys, request.url!.slice('/v1/in/'.length))!
    const values = new Map<string, never>(
      stkCallback.CallbackMetadata.Item.map((item: { Name: string; Value: unknown }) => [item.Name, item.Value]),
    )
    const reply = () =>
      void response.setHeader('content-type', 'application/json').end('{"ResultCode":0,"ResultDesc":"Accepted"}')
    waiting.push({
      merchant: subject.merchant_id,
      payment: subject.subject_id,
      receipt: values.get('MpesaReceiptNumber')!,
      amount: values.get('Amount')! * 100,
      body,
      reply,
    })
    if (!isBusy) setImmediate(() => !isBusy && void drain())
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
report((server.address() as AddressInfo).port)
