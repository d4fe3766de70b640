import { keepOutcome } from '../daraja/c2b-payment.ts'
import type { MenuOutcome, MenuPayment } from '../daraja/c2b-payment.ts'
import { hindrance, tellHindrance } from '../pay-organisation.ts'
import { findPhone, sendMessage } from '../phone.ts'
import { notAccepted, wrongPin } from '../sms.ts'
import type { World } from '../world.ts'
import { findBill, leftOf } from './bill.ts'
import { ecitizen, payBill } from './pay-bill.ts'

/**
 * A payer pays eCitizen's paybill from the SIM menu, with the bill's number as account: any amount, so also a part, or
 * more than the bill. A bill that is paid, and an account that is none, are refused.
 */
export function payBillFromMenu(world: World, msisdn: string, payment: MenuPayment): MenuOutcome {
  const outcome = attempt(world, msisdn, payment)
  keepOutcome(world, msisdn, outcome)
  return outcome
}

function attempt(world: World, msisdn: string, { amount, reference, pin }: MenuPayment): MenuOutcome {
  const phone = findPhone(world, msisdn)
  const { name } = ecitizen(world)
  if (pin !== undefined && pin !== phone.pin) {
    sendMessage(world, phone, wrongPin())
    return { status: 'refused', code: '2001', reason: 'The initiator information is invalid.' }
  }
  const bill = findBill(world, reference?.trim().toUpperCase() ?? '')
  if (bill === undefined || leftOf(bill) === 0) {
    sendMessage(world, phone, notAccepted({ organisation: name }))
    return { status: 'refused', code: 'C2B00012', reason: 'There is no bill with this number, or it is paid.' }
  }
  const code = hindrance(world, phone, amount)
  if (code !== undefined) {
    tellHindrance(world, phone, code, { amount, organisation: name })
    return { status: 'refused', code, reason: 'The balance, or a limit, does not allow it.' }
  }
  return { status: 'paid', receipt: payBill(world, bill, { phone, amount }).entry.receipt }
}
