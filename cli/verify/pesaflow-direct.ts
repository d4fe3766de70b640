import { BASE_URLS, checkout, createPesaflow, paymentState, paymentStatus, requestToken } from '@lango/pesaflow'
import type { Bill } from '@lango/pesaflow'
import { Missing } from './notebook.ts'
import type { Notes, Suite } from './notebook.ts'
import { caseOn, payAtPaybill, payerOfBills } from './stage.ts'
import type { PesaflowKeys, Stage } from './stage.ts'

/** Pesaflow by itself: an access token, a bill, its status, and a bill that is paid already. */
export async function pesaflowDirect(stage: Stage): Promise<Suite> {
  const tryOut = caseOn(stage)
  const keys = () => pesaflowKeys(stage)
  return {
    provider: 'pesaflow',
    name: 'The provider directly',
    cases: [
      await tryOut('Key and secret are exchanged for an access token, and wrong ones are not', async (notes) => {
        const right = await requestToken(pesaflow(stage, notes, keys()))
        notes.that('The right ones get a token', right.kind, 'accepted')
        const wrong = await requestToken(pesaflow(stage, notes, { ...keys(), secret: 'not-the-secret' }))
        notes.that('Another secret gets none', wrong.kind, 'refused')
      }),
      await tryOut('A bill is taken, and its status says that nobody has paid', async (notes) => {
        const client = pesaflow(stage, notes, keys())
        const bill = billOf(stage, keys())
        const made = await checkout(client, bill)
        notes.that('The bill is accepted', made.kind, 'accepted')
        if (made.kind !== 'accepted') return
        notes.that('It has a number of eCitizen', made.invoiceNumber, /^[A-Z0-9]{6,8}$/)
        notes.that(
          'Its amount and the commission make what the payer pays',
          Number(made.netCents) + Number(made.commissionCents),
          made.expectedCents,
        )
        const answer = await paymentStatus(client, made.invoiceNumber)
        notes.that('Its status is told', answer.kind, 'status')
        if (answer.kind !== 'status') return
        const expected = { amountCents: Number(made.expectedCents), currency: 'KES' }
        notes.that('Nobody has paid', paymentState(answer, expected), 'unpaid')
        notes.that('It is this bill', answer.reference, bill.reference)
      }),
      await tryOut('A bill with a hash of another key is refused', async (notes) => {
        const made = await checkout(
          pesaflow(stage, notes, { ...keys(), api_key: 'not-the-key' }),
          billOf(stage, keys()),
        )
        notes.that('It is refused', made.kind, 'refused')
      }),
      await tryOut('A bill that is paid is not taken a second time', (notes) => payAndBringAgain(stage, notes)),
    ],
  }
}

async function payAndBringAgain(stage: Stage, notes: Notes): Promise<void> {
  const keys = () => pesaflowKeys(stage)
  const client = pesaflow(stage, notes, keys())
  const phone = await payerOfBills(stage)
  const bill = billOf(stage, keys())
  const made = await checkout(client, bill)
  if (made.kind !== 'accepted') throw new Error(made.message)
  await payAtPaybill(stage, phone, { amount: Number(made.expectedCents) / 100, reference: made.invoiceNumber })
  const answer = await paymentStatus(client, made.invoiceNumber)
  const expected = { amountCents: Number(made.expectedCents), currency: 'KES' }
  notes.that(
    'Its status says that it is paid',
    answer.kind === 'status' ? paymentState(answer, expected) : answer.kind,
    'paid',
  )
  const again = await checkout(client, bill)
  notes.that('The same bill is refused as paid', again.kind === 'refused' ? again.code : again.kind, 'already_paid')
}

function pesaflowKeys({ pesaflow: keys }: Stage): PesaflowKeys {
  if (keys) return keys
  throw new Missing(
    'The merchant has no Pesaflow account in this environment: set one with PUT /v1/merchant/providers/pesaflow.',
  )
}

function pesaflow({ upstream }: Stage, { fetch }: Notes, { api_client_id, api_key, secret }: PesaflowKeys) {
  const client = { apiClientId: api_client_id, apiKey: api_key, secret, fetch }
  return createPesaflow(upstream ? { ...client, baseUrl: upstream } : { ...client, baseUrl: BASE_URLS.test })
}

function billOf({ url }: Stage, { service_id }: PesaflowKeys): Bill {
  return {
    serviceId: service_id,
    reference: `VERIFY-${crypto.randomUUID().slice(0, 8).toUpperCase()}`,
    description: 'lango verify',
    amountCents: 100_00,
    payer: { name: 'Jane Doe', idNumber: '11111111' },
    notificationUrl: `${url}/api/v1/payments/webhook/ecitizen-pesaflow`,
    returnUrls: { success: `${url}/api/v1/payments/callback/success` },
  }
}
