import { timestamp } from '../nairobi.ts'
import { sandboxPasskey } from '../organisation.ts'
import type { Simulator } from '../simulator.ts'
import { startTime } from './merchant.ts'

type Json = Record<string, unknown>

export async function tokenOf(simulator: Simulator): Promise<string> {
  const response = await simulator.fetch('/oauth/v1/generate?grant_type=client_credentials', {
    headers: { Authorization: `Basic ${btoa('key:secret')}` },
  })
  return ((await response.json()) as { access_token: string }).access_token
}

export async function post(simulator: Simulator, path: string, body: unknown, { token }: { token?: string } = {}) {
  const response = await simulator.fetch(path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token ?? (await tokenOf(simulator))}`, 'Content-Type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Json, text, response }
}

export const password = (Timestamp: string, shortcode = '174379', passkey = sandboxPasskey) =>
  btoa(shortcode + passkey + Timestamp)

/** A good STK push, but for what a test changes. */
export function pushBody(changes: Json = {}): Json {
  const Timestamp = timestamp(new Date(startTime))
  const phone = changes.PhoneNumber ?? '254708374149'
  return {
    BusinessShortCode: '174379',
    Password: password(Timestamp),
    Timestamp,
    TransactionType: 'CustomerPayBillOnline',
    Amount: 1,
    PartyA: phone,
    PartyB: '174379',
    PhoneNumber: phone,
    CallBackURL: 'https://shop.example/hook',
    AccountReference: 'INV-1',
    TransactionDesc: 'Payment',
    ...changes,
  }
}

export async function askToPay(simulator: Simulator, changes: Json = {}, options: { token?: string } = {}) {
  const { status, body } = await post(simulator, '/mpesa/stkpush/v1/processrequest', pushBody(changes), options)
  return { status, answer: body }
}

export function query(simulator: Simulator, CheckoutRequestID: string, changes: Json = {}) {
  const Timestamp = timestamp(new Date(startTime))
  const body = { BusinessShortCode: '174379', Password: password(Timestamp), Timestamp, CheckoutRequestID, ...changes }
  return post(simulator, '/mpesa/stkpushquery/v1/query', body)
}
