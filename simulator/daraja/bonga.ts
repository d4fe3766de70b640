import { drawFaults } from '../draw-faults.ts'
import { record } from '../ledger.ts'
import { findOrganisation } from '../organisation.ts'
import { shillings } from '../shillings.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { askPhone } from './ask-phone.ts'
import { confirm } from './c2b-payment.ts'
import { families } from './family.ts'
import { msisdn, pattern, shortcode, text, wholeShillings } from './fields.ts'
import { refused } from './judgements.ts'
import { invalid, ok } from './reply.ts'

/** Shillings for a point. */
const rate = 0.2

/** What Bonga points are worth. */
export const bongaCalculate = api({
  name: 'bonga',
  path: '/v1/lipa/na/bonga/calculate-points',
  family: families.commercial,
  fields: { points: pattern(/^\d{1,9}$/, 'a number of points') },
  answer: (world, { points }) =>
    ok({
      header: header(world, 'Success', 'Request executed successfully.'),
      body: { amount: String(shillings(Number(points) * rate)), points, rate: String(rate) },
    }),
})

/** Asks a customer to pay a paybill with points. The paybill hears of it at its C2B confirmation address, or never. */
export const bongaRedeem = api({
  name: 'bonga',
  path: '/v1/lipa/na/bonga/redeem-paybill',
  family: families.commercial,
  fields: {
    msisdn,
    amount: wholeShillings,
    bongaPoints: pattern(/^\d{1,9}$/, 'a number of points'),
    conversionRate: pattern(/^\d+(\.\d+)?$/, 'a number'),
    shortCode: shortcode,
    accountNumber: text(20),
  },
  answer(world, { msisdn, amount, shortCode, accountNumber: account_reference }) {
    if (findOrganisation(world, shortCode) === undefined) return invalid('shortCode', refused('organisation'))
    const answered = header(world, 'Operation Successfully.', 'Dear customer, your request was processed successfully')
    const about = {
      msisdn,
      amount,
      shortcode: shortCode,
      account_reference,
      checkout_request_id: answered.requestRefId,
    }
    const agreed = () => ({
      code: '0',
      receipt: redeem(world, { msisdn, amount, shortcode: shortCode, reference: account_reference }),
    })
    askPhone(world, about, { agreed, ended() {} })
    return ok({ header: answered, body: null })
  },
})

type Redemption = { msisdn: string; amount: number; shortcode: string; reference: string }

/** Safaricom pays the organisation for the points; the customer's balance stays as it is. */
function redeem(world: World, { msisdn, amount, shortcode, reference }: Redemption): string {
  const entry = record(world, {
    receipt: world.ids.receipt(),
    kind: 'c2b',
    amount,
    msisdn,
    shortcode,
    reference,
    reverses: null,
    reason: 'Lipa na Bonga',
    moves: [{ shortcode, account: 'Utility Account', change: amount }],
    originator_conversation_id: world.ids.request(),
    conversation_id: world.ids.conversation(),
  })
  const struck = drawFaults(world, 'c2b', msisdn)
  void world.work.soon(() => confirm(world, entry, { thirdPartyTransId: '', struck }))
  return entry.receipt
}

/** Here alone `responseCode` is a number, and the time has nanoseconds and no zone. */
const header = (world: World, responseMessage: string, customerMessage: string) => ({
  requestRefId: world.ids.uuid(),
  responseCode: 200,
  responseMessage,
  customerMessage,
  timestamp: `${world.clock.now().toISOString().slice(0, -1)}${world.random.text(6, '0123456789')}`,
})
