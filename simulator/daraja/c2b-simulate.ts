import { findOrganisation } from '../organisation.ts'
import { api } from './api.ts'
import { payFromMenu } from './c2b-payment.ts'
import { families } from './family.ts'
import { msisdn, oneOf, optional, shortcode, text, wholeShillings } from './fields.ts'
import { refused, taken } from './judgements.ts'
import { invalid, ok } from './reply.ts'

/** Pays an organisation as a customer would from the SIM menu. Safaricom has it in the sandbox only. */
const simulate = (version: 1 | 2) =>
  api({
    name: 'c2b',
    path: `/mpesa/c2b/v${version}/simulate`,
    family: families.c2b,
    fields: {
      ShortCode: shortcode,
      CommandID: oneOf('CustomerPayBillOnline', 'CustomerBuyGoodsOnline'),
      Amount: wholeShillings,
      Msisdn: msisdn,
      BillRefNumber: optional(text(20)),
    },
    answer(world, { ShortCode, CommandID, Amount, Msisdn, BillRefNumber }, { struck, warn }) {
      if (findOrganisation(world, ShortCode) === undefined) return invalid('ShortCode', refused('organisation'))
      const isPaybill = CommandID === 'CustomerPayBillOnline'
      if (isPaybill && BillRefNumber === null) return invalid('BillRefNumber', refused('bill'))
      if (!isPaybill && BillRefNumber !== null) warn(taken('billOfTill'))
      const payment = { shortcode: ShortCode, amount: Amount, reference: isPaybill ? BillRefNumber : null }
      const paid = world.work.soon(async () => {
        const { confirmed } = await payFromMenu(world, Msisdn, payment, struck)
        await confirmed
      })
      const OriginatorCoversationID = world.ids.request()
      const ResponseDescription = 'Accept the service request successfully.'
      return version === 1
        ? ok({ ConversationID: world.ids.conversation(), OriginatorCoversationID, ResponseDescription }, paid)
        : ok({ OriginatorCoversationID, ResponseCode: '0', ResponseDescription }, paid)
    },
  })

export const c2bSimulateV1 = simulate(1)
export const c2bSimulateV2 = simulate(2)
