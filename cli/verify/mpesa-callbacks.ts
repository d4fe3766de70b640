import type { Payment } from '@lango/client'
import type { Notes, Suite } from './notebook.ts'
import { call, caseOn, ledgerOf, moneyOf, payment, phoneThat, settledBy, timesTold, until, withFault } from './stage.ts'
import type { Stage } from './stage.ts'
import { refuseOtherEnvironment } from './through-lango.ts'

/** What M-Pesa tells, and what is done where it does not: each outcome, and what must be true after it. */
export async function mpesaCallbacks(stage: Stage): Promise<Suite> {
  const tryOut = caseOn(stage)
  return {
    provider: 'mpesa',
    name: 'Callbacks and reconciliation',
    cases: [
      await tryOut('Success: the callback completes the payment', async (notes) => {
        const { id, phone } = await ask(stage, notes, 'approve')
        await mustBePaidOnce(stage, notes, { id, phone })
        notes.that('It was the callback that settled it', await settledBy(stage, notes, id), ['callback'])
      }),
      await tryOut('Failure: the payer cancels, and nothing is in the books', async (notes) => {
        const { id, phone } = await ask(stage, notes, 'cancel')
        await mustHaveFailed(stage, notes, { id, phone, code: 'cancelled_by_payer', provider_code: '1032' })
      }),
      await tryOut('Time-out: the phone is not reached, and nothing is in the books', async (notes) => {
        const { id, phone } = await ask(stage, notes, 'unreachable')
        await mustHaveFailed(stage, notes, { id, phone, code: 'payer_unreachable', provider_code: '1037' })
      }),
      await tryOut('A callback that comes twice counts once', async (notes) => {
        const phone = await phoneThat(stage, 'approve')
        const rule = { api: 'stkpush', fault: 'duplicate_callback', msisdn: phone }
        await withFault(stage, rule, async () => {
          const { id } = await ask(stage, notes, phone)
          await mustBePaidOnce(stage, notes, { id, phone })
        })
      }),
      await tryOut('A callback that never comes is made up for by a check', async (notes) => {
        const phone = await phoneThat(stage, 'approve')
        await withFault(stage, { api: 'stkpush', fault: 'drop_callback', msisdn: phone }, async () => {
          const { id } = await ask(stage, notes, phone)
          const paid = await checked(stage, notes, { id, phone })
          notes.that('The check completes it', paid.status, 'completed')
          notes.that('It is told of once', await timesTold(stage, notes, 'payment.completed', id), 1)
        })
      }),
      await tryOut('A success that somebody else posts settles nothing', async (notes) => {
        const { id, provider_ref } = await ask(stage, notes, 'ignore')
        const Item = [
          { Name: 'Amount', Value: 1 },
          { Name: 'MpesaReceiptNumber', Value: 'UKK0F0RGED' },
        ]
        const stkCallback = { MerchantRequestID: '1', CheckoutRequestID: provider_ref, ResultCode: 0, ResultDesc: 'ok' }
        const forged = { Body: { stkCallback: { ...stkCallback, CallbackMetadata: { Item } } } }
        const { status } = await call({ ...stage, key: '' }, notes, 'POST', '/v1/webhooks/mpesa', forged)
        notes.that('It is taken in', status, 200)
        const { data } = await call<Payment>(stage, notes, 'GET', `/v1/payments/${id}`)
        notes.that('The payment is as it was', [data.status, data.provider_receipt], ['pending', null])
        notes.that('Nothing is in the books', await moneyOf(stage, notes, id), [])
      }),
    ],
  }
}

async function ask(stage: Stage, notes: Notes, how: 'approve' | 'cancel' | 'ignore' | 'unreachable' | (string & {})) {
  await refuseOtherEnvironment(stage, notes, 'mpesa')
  const phone = /^\d+$/.test(how) ? how : await phoneThat(stage, how as 'approve')
  const { status, data, error } = await call<Payment>(stage, notes, 'POST', '/v1/payments', { amount: 1, phone })
  notes.that('The phone is asked', [status, data?.provider_outcome ?? error?.code], [201, 'accepted'])
  return { id: data.id, phone, provider_ref: data.provider_ref }
}

const isReceipted = ({ status, provider_receipt }: Payment) => status !== 'pending' && provider_receipt !== null

async function mustBePaidOnce(stage: Stage, notes: Notes, { id, phone }: { id: string; phone: string }) {
  const paid = await payment(stage, notes, id, isReceipted)
  const [moved] = await ledgerOf(stage, phone)
  notes.that(
    'The payment is completed, by the receipt in M-Pesa’s ledger',
    [paid.status, paid.provider_receipt],
    ['completed', moved?.receipt],
  )
  notes.that('Lango’s books have it once', await moneyOf(stage, notes, id), [
    { receipt: moved?.receipt, amount: '1.00' },
  ])
  notes.that('It is told of once', await timesTold(stage, notes, 'payment.completed', id), 1)
}

async function mustHaveFailed(
  stage: Stage,
  notes: Notes,
  { id, phone, code, provider_code }: { id: string; phone: string; code: string; provider_code: string },
) {
  const { status, failure } = await payment(stage, notes, id)
  notes.that(
    'It failed, and says why',
    [status, failure?.code, failure?.provider_code],
    ['failed', code, provider_code],
  )
  notes.that('M-Pesa moved nothing', await ledgerOf(stage, phone), [])
  notes.that('Nothing is in the books', await moneyOf(stage, notes, id), [])
  notes.that('It is told of once', await timesTold(stage, notes, 'payment.failed', id), 1)
}

/** Waits until the money has moved, and has Lango ask the provider. */
async function checked(stage: Stage, notes: Notes, { id, phone }: { id: string; phone: string }) {
  await until(
    () => ledgerOf(stage, phone),
    (entries) => entries.length > 0,
    stage,
  )
  const { status } = await call(stage, notes, 'POST', `/v1/payments/${id}/check`)
  notes.that('M-Pesa is asked', status, 200)
  return payment(stage, notes, id)
}
