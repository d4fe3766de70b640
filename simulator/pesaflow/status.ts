import { shillings } from '../shillings.ts'
import type { World } from '../world.ts'
import type { PesaflowApi } from './api.ts'
import { expectedOf, findBillOf } from './bill.ts'
import type { Bill } from './bill.ts'
import { findClient } from './client.ts'
import { written } from './money.ts'
import { fail, json, refuse } from './reply.ts'
import { secureHash } from './secure-hash.ts'
import { bearer } from './token.ts'

/** What became of a bill. */
export const status: PesaflowApi = {
  name: 'pesaflow_status',
  method: 'GET',
  path: '/api/invoice/payment/status',
  answer(world, { headers, fields }) {
    const { api_client_id: id = '', ref_no: refNo = '', secure_hash: hash } = fields
    if (world.settings.pesaflow_status_token && bearer(world, headers) === undefined) return refuse(401, 'Unauthorized')
    const client = findClient(world, id)
    if (client === undefined || hash !== secureHash(client.key, id, refNo)) return refuse(422, 'Invalid secure hash')
    const bill = findBillOf(world, id, refNo)
    return bill === undefined ? fail(404, 'Invoice Not Found') : json(200, statusBody(world, bill))
  },
}

/** What the status knows of the money so far. */
function knownOf({ clock }: World, { payments }: Bill) {
  const known = payments.filter(({ known_at }) => Date.parse(known_at) <= clock.now().getTime())
  return { paid: shillings(known.reduce((sum, { amount }) => sum + amount, 0)), last: known.at(-1) }
}

/** Pesaflow's word for how far a bill is paid. */
export function wordFor({ settings }: World, bill: Bill, paid: number): string {
  if (paid >= expectedOf(bill)) return settings.pesaflow_paid_word
  return paid > 0 ? settings.pesaflow_part_word : 'pending'
}

function statusBody(world: World, bill: Bill) {
  const { paid, last } = knownOf(world, bill)
  return {
    status: wordFor(world, bill, paid),
    ref_no: bill.invoice_number,
    // Without a zone, in UTC.
    payment_date: last === undefined ? null : last.at.slice(0, 19),
    name: bill.payer.name,
    currency: bill.currency,
    client_invoice_ref: bill.reference,
    amount_paid: written(paid),
    amount_expected: written(expectedOf(bill)),
  }
}
