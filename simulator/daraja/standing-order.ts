import type { Struck } from '../faults.ts'
import { readTimestamp } from '../nairobi.ts'
import { postCallback } from '../post-callback.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { askPhone } from './ask-phone.ts'
import { families } from './family.ts'
import {
  address,
  alsoSpelt,
  minding,
  msisdn,
  oneOf,
  optional,
  pattern,
  shortcode,
  text,
  wholeShillings,
} from './fields.ts'
import type { Field } from './fields.ts'
import { mustBe, refused } from './judgements.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { invalid, ok } from './reply.ts'

/** A standing order that a payer agreed to. */
type StandingOrder = {
  id: string
  name: string
  msisdn: string
  shortcode: string
  amount: number
  frequency: string
  start_date: string
  end_date: string
  generation: '2025' | '2026'
  response_ref_id: string
  callback_url: string
}

/** The portal has described this API twice, with other types, frequencies and callbacks. The type tells which is meant. */
const types = {
  'Standing Order Customer Pay Bill': '2025',
  'Standing Order Customer Pay Marchant': '2025',
  'Standing Order Customer Pay Merchant': '2025',
  'Standing Order Pay Bill External Third Party': '2026',
  'Standing Order Pay Merchant External Third Party': '2026',
} as const
const frequencyCounts = { '2025': 8, '2026': 9 }

const day: Field<string> = {
  expects: 'yyyyMMdd of a real date',
  read: (value) => (readTimestamp(`${String(value)}000000`) === undefined ? undefined : String(value)),
}

const orders = (world: World) => world.memory.collection<StandingOrder>('standing-orders')

/** M-Pesa Ratiba: asks a payer to agree to a standing order. */
export const standingOrder = api({
  name: 'standingorder',
  path: '/standingorder/v1/createStandingOrderExternal',
  family: families.core,
  fields: {
    StandingOrderName: alsoSpelt('StandingOrderNameName', 'orderName', text(100)),
    ReceiverPartyIdentifierType: pattern(/^[24]$/, '4 or 2'),
    TransactionType: minding(oneOf(...(Object.keys(types) as (keyof typeof types)[])), (type) => [
      types[type] === '2025' && 'orderType',
    ]),
    BusinessShortCode: shortcode,
    PartyA: msisdn,
    Amount: wholeShillings,
    StartDate: day,
    EndDate: day,
    Frequency: pattern(/^[1-9]$/, 'a digit from 1'),
    CustomStoId: alsoSpelt('CustomstdoId', 'orderId', optional(text(100))),
    AccountReference: text(12),
    TransactionDesc: text(13),
    CallBackURL: address,
  },
  answer(world, asked, { struck, warn }) {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    const generation = types[asked.TransactionType]
    if (Number(asked.Frequency) > frequencyCounts[generation]) return invalid('Frequency', refused('orderFrequency'))
    if (asked.EndDate < asked.StartDate) return invalid('EndDate', mustBe('EndDate', 'StartDate or later'))
    const order: StandingOrder = {
      id: generation === '2025' ? world.ids.receipt() : String(1_000_000 + world.random.integer(9_000_000)),
      name: asked.StandingOrderName,
      msisdn: asked.PartyA,
      shortcode: asked.BusinessShortCode,
      amount: asked.Amount,
      frequency: asked.Frequency,
      start_date: asked.StartDate,
      end_date: asked.EndDate,
      generation,
      response_ref_id: asked.CustomStoId ?? world.ids.uuid(),
      callback_url: asked.CallBackURL,
    }
    const told = ring(world, order, { reference: asked.AccountReference, struck })
    const responseDescription = 'Request accepted for processing'
    return ok(
      {
        ResponseHeader: {
          responseRefID: order.response_ref_id,
          responseCode: '200',
          responseDescription,
          ResultDesc: 'The service request is processed successfully.',
        },
        ResponseBody: { responseDescription, responseCode: '200' },
      },
      told,
    )
  },
})

type Ringing = { reference: string; struck: Struck }

function ring(world: World, order: StandingOrder, { reference, struck }: Ringing): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { msisdn, amount, shortcode, response_ref_id } = order
  const key = `${msisdn} ${order.name}`
  const ended = ({ code }: { code: string }) => resolve(tell(world, order, { code, struck }))
  if (orders(world).has(key)) {
    world.work.after(0, () => ended({ code: '1050' }))
    return promise
  }
  const about = { msisdn, amount, shortcode, account_reference: reference, checkout_request_id: response_ref_id }
  const agreed = () => {
    orders(world).set(key, order)
    return { code: '0', receipt: null }
  }
  askPhone(world, about, { agreed, ended })
  return promise
}

/** Success and failure were written by different hands: one in camel case, the other in Pascal case. */
function tell(world: World, order: StandingOrder, { code, struck }: { code: string; struck: Struck }): Promise<void> {
  const { callback_url: url, shortcode, msisdn } = order
  const body = code === '0' ? success(order) : failure(world, order, code)
  return postCallback(world, { api: 'standingorder', url, shortcode, msisdn, body, struck })
}

function success(order: StandingOrder) {
  const { id, name, amount, msisdn, generation, start_date, end_date, response_ref_id } = order
  const isFirst = generation === '2025'
  const data: [string, string][] = isFirst
    ? [
        ['TransactionID', id],
        ['responseCode', '0'],
        ['Status', 'OKAY'],
        ['Msisdn', `254******${msisdn.slice(-3)}`],
      ]
    : [
        ['standingOrderName', name],
        ['amount', amount.toFixed(2)],
        ['issuePaymentReminderUntil', end_date],
        ['reminderScheduleId', id],
        ['firstPaymentReminderDate', start_date],
        ['status', 'ACTIVE'],
        ['TransactionID', id],
        ['ResponseCode', '0'],
        ['Status', 'OKAY'],
        ['Msisdn', `*********${msisdn.slice(-3)}`],
      ]
  return {
    responseHeader: {
      responseRefID: response_ref_id,
      requestRefID: response_ref_id,
      responseCode: '0',
      responseDescription: isFirst
        ? 'The service request is processed successfully'
        : 'Standing order created successfully',
    },
    responseBody: { responseData: data.map(([name, value]) => ({ name, value })) },
  }
}

function failure(world: World, { msisdn, response_ref_id }: StandingOrder, code: string) {
  const data: [string, string][] = [
    ['TransactionID', '0000000000'],
    ['responseCode', code],
    ['Status', 'ERROR'],
    ['Msisdn', `*********${msisdn.slice(-3)}`],
  ]
  return {
    ResponseHeader: {
      responseRefID: response_ref_id,
      requestRefID: world.ids.uuid(),
      responseCode: code,
      responseDescription: code === '1050' ? 'User already has a standing order with the same name' : 'Error',
    },
    ResponseBody: { ResponseData: data.map(([Name, Value]) => ({ Name, Value })) },
  }
}
