import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { readToken } from '../../server/token.ts'
import { report } from './report.ts'

/** The plain recipe of most back ends: a transaction for each callback, a statement for each table. */
const pool = new pg.Pool({ connectionString: process.env['BENCH_DATABASE_URL'], max: 20 })
const keys = { current: Buffer.from(process.env['BENCH_SECRET_KEY']!, 'hex'), previous: [] }

async function settle(merchant: string, payment: string, receipt: string, cents: number, body: Buffer): Promise<void> {
  const client = await pool.connect()
  const id = `${Date.now()
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7${randomUUID().slice(15)}`
  await client.query('begin')
  await client.query(
    `insert into callbacks (merchant_id, id, kind, subject_id, received_at, path, source_address, headers, body) values ($1, $2, 'payment', $3, now(), '', '', '{}', $4)`,
    [merchant, id, payment, body],
  )
  const { rows } = await client.query(`select * from payments where merchant_id = $1 and id = $2 for update`, [
    merchant,
    payment,
  ])
  if (rows[0].status === 'pending') {
    await client.query(
      `update payments set status = 'completed', version = 1, provider_receipt = $3, received_cents = $4, completed_at = now(), check_at = null where merchant_id = $1 and id = $2`,
      [merchant, payment, receipt, cents],
    )
    await client.query(
      `insert into money_in (merchant_id, provider, environment, receipt, id, provider_account_id, amount_cents, payment_id, created_at) values ($1, 'mpesa', 'simulator', $2, $3, $4, $5, $6, now())`,
      [merchant, receipt, id, rows[0].provider_account_id, cents, payment],
    )
    await client.query(
      `insert into events (merchant_id, id, type, subject_id, version, mode, body, created_at) values ($1, $2, 'payment.completed', $3, 1, 'test', $4, now())`,
      [merchant, id, payment, JSON.stringify({ payment, receipt })],
    )
    await client.query(
      `insert into deliveries (merchant_id, id, event_id, endpoint_id, subject_id, attempt_at, created_at) select $1, $2, $2, id, $3, now(), now() from webhook_endpoints where merchant_id = $1`,
      [merchant, id, payment],
    )
  }
  await client.query(
    `insert into evidence (merchant_id, id, subject_id, source, verdict, effect, receipt, amount_cents, callback_id, at) values ($1, $2, $3, 'callback', 'success', 'completed', $4, $5, $2, now())`,
    [merchant, id, payment, receipt, cents],
  )
  await client.query('commit')
  client.release()
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const { stkCallback } = JSON.parse(body.toString()).Body
    const { merchant_id, subject_id } = readToken(keys, request.url!.slice('/v1/in/'.length))!
    const values = new Map<string, never>(
      stkCallback.CallbackMetadata.Item.map((item: { Name: string; Value: unknown }) => [item.Name, item.Value]),
    )
    const reply = () =>
      response.setHeader('content-type', 'application/json').end('{"ResultCode":0,"ResultDesc":"Accepted"}')
    void settle(merchant_id, subject_id, values.get('MpesaReceiptNumber')!, values.get('Amount')! * 100, body).then(
      reply,
    )
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
report((server.address() as AddressInfo).port)
