import type { Struck } from '../faults.ts'
import { nairobi } from '../nairobi.ts'
import { postCallback } from '../post-callback.ts'
import type { World } from '../world.ts'
import { expectedOf, paidOf } from './bill.ts'
import type { Bill, BillPayment } from './bill.ts'
import { findClient } from './client.ts'
import { written } from './money.ts'
import { secureHash } from './secure-hash.ts'
import { wordFor } from './status.ts'

const nairobiMs = 3 * 3_600_000

/** Makes the notification of a bill's latest payment, as things are now, and answers a function that posts it, once. */
export function notification(world: World, bill: Bill, struck: Struck): () => Promise<void> {
  const { pesaflow_ipn } = world.settings
  const variant = () => variantBody(world, bill)
  const body =
    pesaflow_ipn === 'recorded'
      ? recordedBody(world, bill)
      : pesaflow_ipn === 'variant'
        ? variant()
        : new URLSearchParams(Object.entries(variant()).map(([name, value]) => [name, String(value)]))
  const msisdn = bill.payments.at(-1)?.msisdn ?? null
  return () =>
    postCallback(world, { api: 'pesaflow_ipn', url: bill.notification_url, shortcode: null, msisdn, body, struck })
}

/** As integrators recorded it, field by field. */
function recordedBody(world: World, bill: Bill) {
  const { payments, invoice_number, reference, currency } = bill
  const last = payments.at(-1)
  const paid = paidOf(bill)
  // Seen without decimals where there are none.
  const amount_paid = String(paid)
  const payment_date = longTime(paidAt(world, last))
  const hash = hashOf(world, bill, reference, invoice_number, amount_paid, payment_date)
  return {
    status: wordFor(world, bill, paid),
    ...(hash !== undefined && { secure_hash: hash }),
    phone_number: last?.msisdn ?? '',
    payment_reference: payments.map((payment) => ({
      payment_reference: payment.receipt,
      payment_date: `${paidAt(world, payment).toISOString().slice(0, 19)}Z`,
      inserted_at: payment.at.slice(0, 19),
      currency,
      amount: written(payment.amount),
    })),
    payment_date,
    payment_channel: 'MPESA',
    last_payment_amount: written(last?.amount ?? 0),
    invoice_number,
    invoice_amount: written(expectedOf(bill)),
    currency,
    client_invoice_ref: reference,
    amount_paid,
  }
}

/** As an integrator's guide has it. */
function variantBody(world: World, bill: Bill) {
  const { payments, invoice_number, reference, currency } = bill
  const last = payments.at(-1)
  const paid = paidOf(bill)
  const hash = hashOf(world, bill, invoice_number, String(paid))
  const word = wordFor(world, bill, paid)
  return {
    payment_channel: 'MPESA',
    client_invoice_ref: reference,
    payment_reference: last?.receipt ?? '',
    currency,
    amount_paid: paid,
    invoice_amount: expectedOf(bill),
    status: word === 'settled' && paid >= expectedOf(bill) ? 'SUCCESS' : word,
    invoice_number,
    payment_date: `${paidAt(world, last).toISOString().slice(0, 19)}Z`,
    ...(hash !== undefined && { token_hash: hash }),
    last_payment_amount: last?.amount ?? 0,
  }
}

/** When a payment was made, as the notification has it: three hours late where Nairobi's time is called UTC. */
function paidAt({ settings, clock }: World, payment: BillPayment | undefined): Date {
  const at = payment === undefined ? clock.now().getTime() : Date.parse(payment.at)
  return new Date(settings.pesaflow_ipn_times === 'late' ? at + nairobiMs : at)
}

/** `2025-01-06 16:35:15+03:00 EAT Africa/Nairobi`. */
function longTime(at: Date): string {
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${year}-${month}-${day} ${hour}:${minute}:${second}+03:00 EAT Africa/Nairobi`
}

function hashOf(world: World, { api_client_id }: Bill, ...parts: string[]): string | undefined {
  const { pesaflow_ipn_hash } = world.settings
  const client = findClient(world, api_client_id)
  if (pesaflow_ipn_hash === 'none' || client === undefined) return undefined
  return secureHash(client.key, ...parts, pesaflow_ipn_hash === 'right' ? client.secret : 'wrong')
}
