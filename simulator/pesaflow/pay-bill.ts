import { drawFaults } from '../draw-faults.ts'
import type { LedgerEntry } from '../ledger.ts'
import { findOrganisation } from '../organisation.ts'
import type { Organisation } from '../organisation.ts'
import { payOrganisation } from '../pay-organisation.ts'
import type { Phone } from '../phone.ts'
import type { World } from '../world.ts'
import { commissionIn, ecitizenPaybill } from './bill.ts'
import type { Bill } from './bill.ts'
import { notification } from './notification.ts'

const statusLagMs = 10_000

/** Moves a payment for a bill, or for a part of it, from a phone, and has it notified. `told` settles when that was answered. */
export function payBill(
  world: World,
  bill: Bill,
  { phone, amount }: { phone: Phone; amount: number },
): { entry: LedgerEntry; told: Promise<void> } {
  const struck = drawFaults(world, 'pesaflow_ipn', phone.msisdn)
  const early = struck.get('early_callback')
  const entry = payOrganisation(world, {
    kind: 'pesaflow',
    phone,
    organisation: ecitizen(world),
    amount,
    commission: commissionIn(bill, amount),
    reference: bill.invoice_number,
    isTill: false,
    receipt: world.ids.receipt(),
    originator_conversation_id: null,
  })
  const lagMs = early === undefined ? 0 : (early.delay_ms ?? statusLagMs)
  bill.payments.push({
    receipt: entry.receipt,
    amount,
    msisdn: phone.msisdn,
    at: entry.at,
    known_at: new Date(Date.parse(entry.at) + lagMs).toISOString(),
  })
  world.changed('bills')
  return { entry, told: world.work.soon(notification(world, bill, struck)) }
}

/** Who collects for everybody. */
export function ecitizen(world: World): Organisation {
  const found = findOrganisation(world, ecitizenPaybill)
  if (found === undefined) throw new Error(`There is no paybill ${ecitizenPaybill}.`)
  return found
}
