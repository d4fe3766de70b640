import { findOrganisation } from '../organisation.ts'
import { isExempt } from '../phone.ts'
import { promptsOf } from '../prompts.ts'
import type { World } from '../world.ts'
import { accountReference } from './account-reference.ts'
import { api } from './api.ts'
import { families } from './family.ts'
import {
  address,
  darajaTimestamp,
  hasBadCharacters,
  judgedBy,
  minding,
  msisdn,
  oneOf,
  password,
  refusedAs,
  shortcode,
  text,
  wholeShillings,
} from './fields.ts'
import { refused, taken } from './judgements.ts'
import { passwordProblem, timestampProblem } from './password.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { invalid, ok, refuse } from './reply.ts'
import { collect } from './stk-payment.ts'

/** M-Pesa Express: asks a phone to pay. The callback says what came of it. */
export const stkPush = api({
  name: 'stkpush',
  path: '/mpesa/stkpush/v1/processrequest',
  family: families.stk,
  fields: {
    BusinessShortCode: shortcode,
    Password: password,
    Timestamp: darajaTimestamp,
    TransactionType: oneOf('CustomerPayBillOnline', 'CustomerBuyGoodsOnline'),
    Amount: wholeShillings,
    PartyA: msisdn,
    PartyB: shortcode,
    PhoneNumber: msisdn,
    CallBackURL: address,
    AccountReference: accountReference({
      documented: 12,
      longer: 'referenceLong',
      isTill: ({ TransactionType }) => TransactionType === 'CustomerBuyGoodsOnline',
    }),
    // Documented as optional; without it the sandbox complains of a field that the request does not have.
    TransactionDesc: refusedAs(
      'Remarks',
      judgedBy(
        'description',
        minding(text(100), (value) => [value.length > 13 && 'descriptionLong', hasBadCharacters(value)]),
      ),
    ),
  },
  answer(world, asked, { struck, warn }) {
    const organisation = findOrganisation(world, asked.BusinessShortCode)
    const clock = timestampProblem(world, asked.Timestamp)
    if (clock !== undefined) {
      const exactly = { what: clock }
      if (world.settings.nairobi_timestamp) return invalid('Timestamp', refused('timestamp', exactly))
      warn(taken('timestamp', exactly))
    }
    if (asked.BusinessShortCode === '174379' && asked.TransactionType === 'CustomerBuyGoodsOnline') {
      return invalid('TransactionType', refused('sandboxTill'))
    }
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    if (organisation === undefined) {
      return refuse(500, '500.001.1001', 'Merchant does not exist', refused('organisation'))
    }
    if (organisation.type === 'till' && organisation.store !== null) {
      return refuse(500, '500.001.1001', 'Merchant does not exist', refused('tillForStore'))
    }
    if (passwordProblem(organisation, asked.Password, asked.Timestamp)) {
      return refuse(500, '500.001.1001', 'Wrong credentials', refused('password'))
    }
    if (isBusy(world, asked.PhoneNumber)) {
      return refuse(
        500,
        '500.001.1001',
        'Unable to lock subscriber, a transaction is already in process for the current subscriber',
        refused('busy'),
      )
    }
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
