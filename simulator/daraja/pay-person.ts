import { record } from '../ledger.ts'
import { findOrganisation } from '../organisation.ts'
import { findPhone, moveBalance, sendMessage, testNumber, transactionMax } from '../phone.ts'
import type { Phone } from '../phone.ts'
import { received } from '../sms.ts'
import type { World } from '../world.ts'
import { magicFailure } from './core-results.ts'
import { failed } from './operator.ts'
import type { Ended, OperatorRequest } from './operator.ts'

const amountMin = 10
const walletMax = 500_000

/** What each command is called in M-PESA's statement. */
const reasons = {
  BusinessPayment: 'Business Payment to Customer via API',
  SalaryPayment: 'Salary Payment to Customer via API',
  PromotionPayment: 'Promotion Payment to Customer via API',
  BusinessPayToPochi: 'Business Payment to Pochi via API',
}

const chargeReason = 'Business Payment Charge'

type Payment = { command: keyof typeof reasons; shortcode: string; msisdn: string; amount: number }

/** Pays a person from an organisation's Utility account and tells the person, or says why not. */
export function payPerson(
  world: World,
  request: OperatorRequest,
  { command, shortcode, msisdn, amount }: Payment,
): Ended {
  const organisation = findOrganisation(world, shortcode)
  // Nobody can be an operator of an organisation that does not exist.
  if (organisation === undefined) return failed('2001')
  if (organisation.type === 'till') return failed('2028')
  const magic = magicFailure(msisdn)
  if (magic !== undefined) return failed(magic)
  if (amount < amountMin) return failed('2')
  if (amount > transactionMax) return failed('3')
  const phone = findPhone(world, msisdn)
  if (isTooFull(phone, amount)) return failed('8')
  const { payout_charge: charge = 0 } = organisation
  if ((organisation.accounts['Utility Account'] ?? 0) < amount + charge) return failed('1')
  moveBalance(world, phone, amount)
  const entry = record(world, {
    receipt: world.ids.receipt(),
    kind: 'b2c',
    amount,
    msisdn,
    shortcode,
    reference: null,
    reverses: null,
    reason: reasons[command],
    moves: [
      { shortcode, account: 'Utility Account', change: -amount },
      ...(charge > 0
        ? [{ shortcode, account: 'Utility Account' as const, change: -charge, reason: chargeReason }]
        : []),
    ],
    originator_conversation_id: request.originator_conversation_id,
    conversation_id: request.conversation_id,
  })
  const sms = received(world, phone, { receipt: entry.receipt, amount, organisation: organisation.name })
  sendMessage(world, phone, command === 'PromotionPayment' ? `Congratulations! ${sms}` : sms)
  return { code: '0', entry }
}

/** A wallet holds half a million, but for the test number's, which holds a billion from the start. */
const isTooFull = ({ msisdn, balance }: Phone, amount: number) => msisdn !== testNumber && balance + amount > walletMax
