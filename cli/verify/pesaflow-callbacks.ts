import type { Payment } from '@lango/client'
import type { Notes, Suite } from './notebook.ts'
import { call, caseOn, moneyOf, payAtPaybill, payerOfBills, payment, settledBy, timesTold, withFault } from './stage.ts'
import type { Stage } from './stage.ts'
import { refuseOtherEnvironment } from './through-lango.ts'

/** What Pesaflow tells, and what is done where it does not: each outcome, and what must be true after it. */
export async function pesaflowCallbacks(stage: Stage): Promise<Suite> {
  const tryOut = caseOn(stage)
  const api = 'pesaflow_ipn'
  return {
    provider: 'pesaflow',
    name: 'Callbacks and reconciliation',
    cases: [
      await tryOut('Success: a notification is confirmed by the status, and completes the payment', async (notes) => {
        const bill = await billed(stage, notes)
        await pay(stage, await payerOfBills(stage), bill, bill.gross)
        await mustBePaidOnce(stage, notes, bill)
      }),
      await tryOut('Failure: the payer comes back without having paid, and nothing changes', async (notes) => {
        await comeBack(stage, notes, 'failure')
      }),
      await tryOut('Time-out: the payer comes back late, and nothing changes', async (notes) => {
        await comeBack(stage, notes, 'timeout')
      }),
      await tryOut('A notification that comes twice counts once', async (notes) => {
        const msisdn = await payerOfBills(stage)
        await withFault(stage, { api, fault: 'duplicate_callback', msisdn }, async () => {
          const bill = await billed(stage, notes)
          await pay(stage, msisdn, bill, bill.gross)
          await mustBePaidOnce(stage, notes, bill)
        })
      }),
      await tryOut('A notification that never comes is made up for by asking', async (notes) => {
        const msisdn = await payerOfBills(stage)
        await withFault(stage, { api, fault: 'drop_callback', msisdn }, async () => {
          const bill = await billed(stage, notes)
          await pay(stage, msisdn, bill, bill.gross)
          const path = '/api/v1/payments/webhook/ecitizen-pesaflow'
          const asked = await call(stage, notes, 'POST', path, { invoice_number: bill.number })
          notes.that('Whoever has the key has it asked about', asked.status, 200)
          const { status, amount } = await payment(stage, notes, bill.id)
          notes.that('The payment is completed', [status, amount], ['completed', '100.00'])
          notes.that('It is told of once', await timesTold(stage, notes, 'payment.completed', bill.id), 1)
        })
      }),
      await tryOut('A notification that somebody else posts settles nothing', async (notes) => {
        const bill = await billed(stage, notes)
        const payment_reference = [{ payment_reference: 'UKK0F0RGED', amount: bill.gross, currency: 'KES' }]
        const forged = { status: 'settled', invoice_number: bill.number, amount_paid: bill.gross, payment_reference }
        const path = '/api/v1/payments/webhook/ecitizen-pesaflow'
        const response = await notes.fetch(stage.url + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(forged),
        })
        notes.that('It is taken in', response.status, 200)
        await mustBeUnpaid(stage, notes, bill)
      }),
      await tryOut('A part never passes for the whole', (notes) => payInParts(stage, notes)),
    ],
  }
}

async function payInParts(stage: Stage, notes: Notes): Promise<void> {
  const phone = await payerOfBills(stage)
  const bill = await billed(stage, notes)
  await pay(stage, phone, bill, 40)
  const part = await payment(stage, notes, bill.id, ({ amount_received }) => amount_received !== '0.00')
  notes.that('It has the part, and waits', [part.status, part.amount_received], ['pending', '40.00'])
  await pay(stage, phone, bill, bill.gross - 40)
  const paid = await payment(stage, notes, bill.id)
  notes.that('The rest completes it', [paid.status, Number(paid.amount_received)], ['completed', bill.gross])
  notes.that('Both parts are in the books', (await moneyOf(stage, notes, bill.id)).length, 2)
  notes.that('It is told of once', await timesTold(stage, notes, 'payment.completed', bill.id), 1)
}

type Billed = { id: string; number: string; gross: number }

async function billed(stage: Stage, notes: Notes): Promise<Billed> {
  await refuseOtherEnvironment(stage, notes, 'pesaflow')
  const { status, data, error } = await call<Payment>(stage, notes, 'POST', '/v1/payments', {
    provider: 'pesaflow',
    amount: 100,
    description: 'lango verify',
    customer: { name: 'Jane Doe', id_number: '11111111' },
  })
  notes.that('The bill is made', [status, data?.provider_outcome ?? error?.code], [201, 'accepted'])
  return { id: data.id, number: data.provider_ref!, gross: Number(data.gross_amount) }
}

function pay(stage: Stage, phone: string, { number }: Billed, amount: number): Promise<void> {
  return payAtPaybill(stage, phone, { amount, reference: number })
}

async function mustBePaidOnce(stage: Stage, notes: Notes, { id, gross }: Billed): Promise<void> {
  const paid = await payment(stage, notes, id)
  notes.that('The payment is completed', [paid.status, paid.amount], ['completed', '100.00'])
  notes.that('What came is amount and commission', Number(paid.amount_received), gross)
  notes.that('The books have it once, under M-Pesa’s code', await moneyOf(stage, notes, id), [
    { receipt: paid.provider_receipt, amount: paid.gross_amount },
  ])
  notes.that('It was the status that settled it', await settledBy(stage, notes, id), ['query'])
  notes.that('It is told of once', await timesTold(stage, notes, 'payment.completed', id), 1)
}

async function comeBack(stage: Stage, notes: Notes, way: 'failure' | 'timeout'): Promise<void> {
  const bill = await billed(stage, notes)
  const path = `/api/v1/payments/callback/${way}?payment=${bill.id}`
  const response = await notes.fetch(stage.url + path, { redirect: 'manual' })
  notes.that(
    'The browser is led to the page of the payment',
    [response.status, response.headers.get('Location')],
    [303, `/pay/${bill.id}`],
  )
  await mustBeUnpaid(stage, notes, bill)
}

async function mustBeUnpaid(stage: Stage, notes: Notes, { id }: Billed): Promise<void> {
  const { data } = await call<Payment>(stage, notes, 'GET', `/v1/payments/${id}`)
  notes.that('The payment is as it was', [data.status, data.amount_received], ['pending', '0.00'])
  notes.that('Nothing is in the books', await moneyOf(stage, notes, id), [])
  notes.that('Nothing is told', await timesTold(stage, notes, 'payment.completed', id), 0)
}
