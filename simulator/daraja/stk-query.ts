import { findOrganisation } from '../organisation.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import type { Api } from './api.ts'
import { families } from './family.ts'
import { darajaTimestamp, password, pattern, shortcode } from './fields.ts'
import { refused } from './judgements.ts'
import { passwordProblem } from './password.ts'
import { refuseQuery } from './query-limit.ts'
import { answer, ok, refuse } from './reply.ts'
import type { Reply } from './reply.ts'
import { findStkPayment } from './stk-payment.ts'
import type { StkPayment } from './stk-payment.ts'
import { queryText, stillProcessing } from './stk-results.ts'

const code = '500.001.1001'

const question = api({
  name: 'stkpushquery',
  path: '/mpesa/stkpushquery/v1/query',
  family: families.query,
  fields: {
    BusinessShortCode: shortcode,
    Password: password,
    Timestamp: darajaTimestamp,
    CheckoutRequestID: pattern(/^ws_CO_\w{10,60}$/, 'the CheckoutRequestID of a push, ws_CO_…'),
  },
  concerns: (world, { CheckoutRequestID }) => findStkPayment(world, String(CheckoutRequestID))?.msisdn ?? null,
  answer(world, asked) {
    const organisation = findOrganisation(world, asked.BusinessShortCode)
    if (organisation === undefined) return refuse(500, code, 'Merchant does not exist', refused('organisation'))
    if (passwordProblem(organisation, asked.Password, asked.Timestamp))
      return refuse(500, code, 'Wrong credentials', refused('password'))
    const payment = findStkPayment(world, asked.CheckoutRequestID)
    if (payment === undefined || payment.shortcode !== organisation.shortcode) {
      return refuse(500, code, 'The transaction does not Exist', refused('unknownPush'))
    }
    if (payment.result_code === null) return inFlight(world, payment)
    if (world.settings.query_flake_rate > world.random.fraction()) return refuse(500, code, '', refused('flake'))
    return result(payment, payment.result_code, queryText(payment.result_code))
  },
})

/** M-Pesa Express Query: what became of a push. It names neither receipt, amount nor phone. */
export const stkQuery: Api = {
  ...question,
  answer: (world, request) => refuseQuery(world, request.headers) ?? question.answer(world, request),
}

function inFlight(world: World, payment: StkPayment): Reply {
  switch (world.settings.in_flight_query) {
    case '4999':
      return result(payment, stillProcessing, 'The transaction is still under processing')
    case 'being_processed':
      return refuse(500, code, 'The transaction is being processed', refused('inFlight'))
    case 'empty':
      return answer(200, { requestId: world.ids.request(), errorCode: code, errorMessage: '' }, refused('inFlight'))
  }
}

const result = (payment: StkPayment, resultCode: string, resultDesc: string): Reply =>
  ok({
    ResponseCode: '0',
    // Three times s, as in real traffic.
    ResponseDescription: 'The service request has been accepted successsfully',
    MerchantRequestID: payment.merchant_request_id,
    CheckoutRequestID: payment.checkout_request_id,
    ResultCode: resultCode,
    ResultDesc: resultDesc,
  })
