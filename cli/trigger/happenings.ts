import { setTimeout as wait } from 'node:timers/promises'
import type { EventType, Lango, Payment } from '@lango/client'
import { control } from './simulator.ts'

/** What an event is made with. */
export type Stage = {
  lango: Lango
  simulator: string
  /** The short code that is paid to from the menu. */
  shortcode: string
  amount: string
}

/** Something that can be made to happen: what it is, and what it takes. Answers the object to which it happened. */
export type Happening = { what: string; make(stage: Stage): Promise<Made> }

/** What the event will be about: the member of its data that names it, and what stands there. */
export type Made = { name: string; value: string }

/** Safaricom's test number, whose payer pays at once. */
const paysAtOnce = '254708374149'
/** Ends with result code 1032: cancelled. */
const cancels = '254700001032'
/** A payout to it fails with result code 2040. */
const takesNothing = '254700002040'
const menuPhone = '0712345678'
const lookEveryMs = 200
const patienceMs = 60_000

/** Everything that can be made to happen in the simulator. */
export const happenings: Partial<Record<EventType, Happening>> = {
  'payment.completed': {
    what: 'a phone is asked, and pays',
    make: async (stage) => ofPayment(await paid(stage)),
  },
  'payment.failed': {
    what: 'a phone is asked, and its owner cancels',
    make: async ({ lango, amount }) => ofPayment(await lango.payments.create({ amount, phone: cancels })),
  },
  'payment.reversed': {
    what: 'a payment is paid, and refunded whole',
    async make(stage) {
      const payment = await paid(stage)
      await refund(stage, payment)
      return ofPayment(payment)
    },
  },
  'refund.completed': {
    what: 'the same, seen from the refund',
    make: async (stage) => ({ name: 'refund_id', value: (await refund(stage, await paid(stage))).id }),
  },
  'payout.completed': {
    what: 'money is sent to a phone; lango payouts enable allows it',
    make: async ({ lango, amount }) => ofPayout(await lango.payouts.create({ kind: 'b2c', phone: menuPhone, amount })),
  },
  'payout.failed': {
    what: 'money is sent to a phone that takes none; lango payouts enable allows it',
    make: async ({ lango, amount }) =>
      ofPayout(await lango.payouts.create({ kind: 'b2c', phone: takesNothing, amount })),
  },
  'c2b.received': {
    what: 'somebody pays from the menu of their phone',
    async make({ simulator, shortcode, amount }) {
      const sent = { shortcode, amount: Number(amount), reference: 'TRIGGERED' }
      const { receipt } = await control(simulator, `/phones/${menuPhone}/pay`, sent)
      return { name: 'provider_receipt', value: receipt! }
    },
  },
}

const ofPayment = ({ id }: Payment): Made => ({ name: 'payment_id', value: id })
const ofPayout = ({ id }: { id: string }): Made => ({ name: 'payout_id', value: id })

const refund = ({ lango }: Stage, { id }: Payment) => lango.refunds.create({ payment_id: id, reason: 'lango trigger' })

/** A payment that was paid, with its receipt. */
async function paid({ lango, amount }: Stage): Promise<Payment> {
  let payment = await lango.payments.create({ amount, phone: paysAtOnce })
  for (let waitedMs = 0; waitedMs < patienceMs && !isOver(payment); waitedMs += lookEveryMs) {
    await wait(lookEveryMs)
    payment = await lango.payments.get(payment.id)
  }
  if (payment.status === 'completed' && payment.provider_receipt) return payment
  throw new Error(`The payment ${payment.id} was not paid: ${payment.failure?.message ?? payment.status}.`)
}

const isOver = ({ status, provider_receipt }: Payment) =>
  status === 'failed' || (status === 'completed' && provider_receipt !== null)
