import { createHmac } from 'node:crypto'
import { manualClock } from '../clock.ts'
import { usualKey, usualSecret } from '../pesaflow/client.ts'
import { createSimulator } from '../simulator.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { startTime } from './merchant.ts'

type Json = Record<string, unknown>

/** A county that collects through Pesaflow, and is notified here. */
export function county(options: SimulatorOptions = {}) {
  const clock = manualClock(startTime)
  const requests: { url: string; contentType: string | null; text: string }[] = []
  const simulator = createSimulator({
    clock,
    async fetch(input, init) {
      const request = new Request(input, init)
      requests.push({
        url: request.url,
        contentType: request.headers.get('content-type'),
        text: await request.text(),
      })
      return new Response('OK')
    },
    ...options,
  })
  return { simulator, clock, requests, told: () => requests.map(({ text }) => JSON.parse(text) as Json) }
}

/** The hash as its makers describe it, written down once more for the tests. */
export const hash = (...parts: string[]): string =>
  btoa(createHmac('sha256', usualKey).update(parts.join('')).digest('hex'))

/** A good bill, signed, but for what a test changes. */
export function billFields(changes: Record<string, string> = {}): Record<string, string> {
  const fields: Record<string, string> = {
    apiClientID: '1',
    amountExpected: '100.00',
    serviceID: '23',
    clientIDNumber: '11111111',
    currency: 'KES',
    billRefNumber: 'B-1',
    billDesc: 'Overload fine',
    clientName: 'Jane Doe',
    clientMSISDN: '254712345678',
    clientEmail: 'jane@example.com',
    notificationURL: 'https://county.example/in',
    callBackURLOnSuccess: 'https://county.example/paid',
    callBackURLOnFail: 'https://county.example/failed',
    callBackURLOnTimeout: 'https://county.example/late',
    format: 'json',
    sendSTK: 'false',
    ...changes,
  }
  const { apiClientID = '', amountExpected = '', serviceID = '', clientIDNumber = '', currency = '' } = fields
  const { billRefNumber = '', billDesc = '', clientName = '' } = fields
  const hashed = [apiClientID, amountExpected, serviceID, clientIDNumber, currency, billRefNumber, billDesc, clientName]
  return { secureHash: hash(...hashed, usualSecret), ...fields }
}

/** Brings a bill, as a form. */
export async function bring(simulator: Simulator, changes: Record<string, string> = {}) {
  const body = new URLSearchParams(billFields(changes))
  const response = await simulator.fetch('/PaymentAPI/iframev2.1.php', { method: 'POST', body })
  const text = await response.text()
  return { status: response.status, text, answer: (text.startsWith('{') ? JSON.parse(text) : {}) as Json, response }
}

/** Brings a bill, and answers its number. */
export async function numberOf(simulator: Simulator, changes: Record<string, string> = {}): Promise<string> {
  return String((await bring(simulator, changes)).answer.invoice_number)
}

/** Asks for a bill's status. */
export async function statusOf(simulator: Simulator, refNo: string, changes: Record<string, string> = {}) {
  const query = new URLSearchParams({ api_client_id: '1', ref_no: refNo, secure_hash: hash('1', refNo), ...changes })
  const response = await simulator.fetch(`/api/invoice/payment/status?${query}`)
  return { status: response.status, body: (await response.json()) as Json }
}

/** Amina pays eCitizen's paybill from the SIM menu. */
export const payFromMenu = (simulator: Simulator, amount: number, reference: string) =>
  simulator.phones.get('0712345678').pay({ shortcode: '222222', amount, reference })
