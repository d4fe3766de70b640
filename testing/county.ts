import { tell } from './story.ts'
import type { Story, StoryOptions } from './story.ts'
import type { Bill } from '../simulator/index.ts'

/** A county that collects through eCitizen, beside its paybill. */
export type County = Story & {
  /** Brings a bill of 100 shillings, and answers the payment. */
  bill(input?: Record<string, unknown>): Promise<any>
  /** The bills at Pesaflow, as they are there. */
  bills(): Bill[]
  /** Amina pays eCitizen's paybill from the SIM menu, with the bill's number. */
  payAtPaybill(amount: number, reference: string): Promise<unknown>
  /** Amina pays at the page of the bill, by a prompt on her phone. */
  payAtPage(checkoutUrl: string, amount: string): Promise<void>
  /** What came in by Pesaflow: receipt, cents, and whether it is of a payment. */
  money(): Promise<{ receipt: string; amount_cents: number; is_matched: boolean }[]>
}

export const driver = { name: 'Jane Doe', id_number: '11111111', email: 'jane@example.com' }

const account = {
  env: 'simulator',
  api_client_id: '588',
  service_id: '48798',
  api_key: 'simulator-key',
  secret: 'simulator-secret',
}

/** Tells one story of a county and clears the stage, whatever happens. */
export async function county(options: StoryOptions, plot: (county: County) => Promise<void>): Promise<void> {
  const told = await tell(options)
  try {
    await told.call('PUT', '/v1/merchant/providers/pesaflow', { provider: 'pesaflow', pesaflow: account })
    await plot({
      ...told,
      bill: (input = {}) => told.pay({ provider: 'pesaflow', phone: undefined, customer: driver, ...input }),
      bills: () => told.simulator.pesaflow.bills(),
      payAtPaybill: (amount, reference) =>
        told.simulator.phones.get('0712345678').pay({ shortcode: '222222', amount, reference }),
      async payAtPage(checkoutUrl, amount) {
        const body = new URLSearchParams({ msisdn: '0712345678', amount })
        await told.simulator.fetch(checkoutUrl, { method: 'POST', body })
        told.simulator.phones.get('0712345678').approve()
      },
      async money() {
        const { body } = await told.call('GET', '/v1/money-in')
        return body.data
          .filter(({ provider }: any) => provider === 'pesaflow')
          .map(({ receipt, amount, payment_id }: any) => ({
            receipt,
            amount_cents: Math.round(Number(amount) * 100),
            is_matched: payment_id !== null,
          }))
      },
    })
  } finally {
    await told.end()
  }
}
