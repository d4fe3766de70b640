import { findOrganisation } from '../organisation.ts'
import { isExempt } from '../phone.ts'
import { promptsOf } from '../prompts.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { callbackAddressProblem, forbiddenWord, plainHttp } from './callback-address.ts'
import { families } from './family.ts'
import {
  address,
  base64,
  darajaTimestamp,
  msisdn,
  oneOf,
  refusedAs,
  shortcode,
  text,
  wholeShillings,
} from './fields.ts'
import { passwordProblem, timestampProblem } from './password.ts'
import { invalid, ok, refuse } from './reply.ts'
import { collect } from './stk-payment.ts'

/** M-Pesa Express: asks a phone to pay. The callback says what came of it. */
export const stkPush = api({
  name: 'stkpush',
  path: '/mpesa/stkpush/v1/processrequest',
  family: families.stk,
  fields: {
    BusinessShortCode: shortcode,
    Password: base64,
    Timestamp: darajaTimestamp,
    TransactionType: oneOf('CustomerPayBillOnline', 'CustomerBuyGoodsOnline'),
    Amount: wholeShillings,
    PartyA: msisdn,
    PartyB: shortcode,
    PhoneNumber: msisdn,
    CallBackURL: address,
    AccountReference: text(20),
    // Documented as optional; without it the sandbox complains of a field that the request does not have.
    TransactionDesc: refusedAs('Remarks', text(100)),
  },
  answer(world, asked, { struck, warn }) {
    const organisation = findOrganisation(world, asked.BusinessShortCode)
    const clock = timestampProblem(world, asked.Timestamp)
    if (clock !== undefined) {
      if (world.settings.nairobi_timestamp) return invalid('Timestamp')
      warn(clock)
    }
    if (asked.BusinessShortCode === '174379' && asked.TransactionType === 'CustomerBuyGoodsOnline') {
      return invalid('TransactionType')
    }
    const unreachable = callbackAddressProblem(asked.CallBackURL) ?? plainHttp(asked.CallBackURL)
    if (unreachable !== undefined && !world.settings.local_callbacks) return invalid('CallBackURL')
    if (organisation === undefined) return refuse(500, '500.001.1001', 'Merchant does not exist')
    if (passwordProblem(organisation, asked.Password, asked.Timestamp))
      return refuse(500, '500.001.1001', 'Wrong credentials')
    if (isBusy(world, asked.PhoneNumber)) {
      return refuse(
        500,
        '500.001.1001',
        'Unable to lock subscriber, a transaction is already in process for the current subscriber',
      )
    }
    warnings(asked).forEach(warn)
    const { payment, delivered } = collect(world, {
      shortcode: asked.BusinessShortCode,
      transaction_type: asked.TransactionType,
      party_b: asked.PartyB,
      msisdn: asked.PhoneNumber,
      amount: asked.Amount,
      account_reference: asked.AccountReference,
      callback_url: asked.CallBackURL,
      struck,
    })
    return ok(
      {
        MerchantRequestID: payment.merchant_request_id,
        CheckoutRequestID: payment.checkout_request_id,
        ResponseCode: '0',
        ResponseDescription: 'Success. Request accepted for processing',
        CustomerMessage: 'Success. Request accepted for processing',
      },
      delivered,
    )
  },
})

/** A phone shows one prompt at a time. */
const isBusy = (world: World, phone: string) => !isExempt(world, phone) && promptsOf(world, phone).length > 0

/** What a stricter Daraja, or the one in production, might mind. */
function warnings(asked: { AccountReference: string; TransactionDesc: string; CallBackURL: string }): string[] {
  const word = forbiddenWord(asked.CallBackURL)
  const found = [
    asked.AccountReference.length > 12 && 'AccountReference is longer than the 12 characters that Safaricom documents.',
    asked.TransactionDesc.length > 13 && 'TransactionDesc is longer than the 13 characters that Safaricom documents.',
    /[@#&]/.test(asked.AccountReference + asked.TransactionDesc) &&
      'The characters @ # & make real payments fail silently.',
    word !== undefined && `CallBackURL contains "${word}", which Safaricom forbids in addresses.`,
    callbackAddressProblem(asked.CallBackURL) ?? plainHttp(asked.CallBackURL),
  ]
  return found.filter((sentence) => typeof sentence === 'string')
}
