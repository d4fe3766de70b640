import { createDaraja, stkPush, stkQuery } from '@lango/daraja'
import { BASE_URLS, checkout, createPesaflow, paymentState, paymentStatus, requestToken } from '@lango/pesaflow'
import type { Bill } from '@lango/pesaflow'
import { control } from '../trigger/simulator.ts'
import { Missing } from './notebook.ts'
import type { Notes, Suite } from './notebook.ts'
import { caseOn, ledgerOf, phoneThat, until } from './stage.ts'
import type { MpesaKeys, PesaflowKeys, Stage } from './stage.ts'

/** M-Pesa by itself: an access token, a prompt, and what became of it. */
export async function mpesaDirect(stage: Stage): Promise<Suite> {
  const tryOut = caseOn(stage)
  const keys = () => mpesaKeys(stage)
  return {
    provider: 'mpesa',
    name: 'The provider directly',
    cases: [
      await tryOut('Keys are exchanged for an access token', async (notes) => {
        const { value } = await daraja(stage, notes, keys()).accessToken()
        notes.that('The keys get one', value.length > 0, true)
      }),
      await tryOut('Wrong keys get no access token', async (notes) => {
        if (stage.simulator) throw new Missing('The simulator takes any keys.')
        const asked = daraja(stage, notes, { ...keys(), consumer_secret: 'not-the-secret' }).accessToken()
        const answer = asked.then(
          () => 'a token',
          () => 'refused',
        )
        notes.that('They get none', await answer, 'refused')
      }),
      await tryOut('A phone is asked, pays, and a query says so', (notes) => pushAndQuery(stage, notes)),
      await tryOut('A query about a push that never was gives no verdict', async (notes) => {
        const { shortcode, passkey, ...pair } = keys()
        const checkoutRequestId = 'ws_CO_010120260000000000000000000'
        const answer = await stkQuery(daraja(stage, notes, pair), { shortcode, passkey, checkoutRequestId })
        notes.that('It says nothing', answer.kind, 'none')
      }),
    ],
  }
}

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

async function pushAndQuery(stage: Stage, notes: Notes): Promise<void> {
  const keys = () => mpesaKeys(stage)
  const { shortcode, passkey, ...pair } = keys()
  const phone = await phoneThat(stage, 'approve')
  const client = daraja(stage, notes, pair)
  const pushed = await stkPush(client, {
    shortcode,
    passkey,
    type: 'paybill',
    amount: 1,
    phone,
    accountReference: 'VERIFY',
    description: 'Verify',
    callbackUrl: `${stage.url}/v1/in/verify`,
  })
  notes.that('The push is accepted', pushed.kind, 'accepted')
  if (pushed.kind !== 'accepted') return
  const { checkoutRequestId } = pushed
  notes.that('It has an id of M-Pesa', checkoutRequestId, /^ws_CO_/)
  const answer = await until(
    () => stkQuery(client, { shortcode, passkey, checkoutRequestId }),
    ({ kind }) => kind === 'verdict',
    stage,
  )
  notes.that('The query gives the verdict 0', answer.kind === 'verdict' ? answer.resultCode : answer.kind, '0')
  if (!stage.simulator) return
  notes.that(
    'The money has moved, once',
    (await ledgerOf(stage, phone)).map(({ amount }) => amount),
    [1],
  )
}

/** A phone whose owner pays bills from the SIM menu. */
export async function payerOfBills(stage: Stage): Promise<string> {
  if (stage.simulator) return phoneThat(stage, 'approve')
  throw new Missing('Only in the simulator does somebody pay a bill by themselves.')
}

/** Pays a bill at eCitizen's paybill, which nobody has to be asked for. */
export async function payAtPaybill(
  { simulator }: Stage,
  phone: string,
  { amount, reference }: { amount: number; reference: string },
): Promise<void> {
  await control(simulator!, `/phones/${phone}/pay`, { shortcode: '222222', amount, reference })
}

const mpesaKeys = ({ mpesa }: Stage) => mpesa ?? missing('M-Pesa', 'lango merchants provider')
const pesaflowKeys = ({ pesaflow: keys }: Stage) => keys ?? missing('Pesaflow', 'PUT /v1/merchant/providers/pesaflow')

function missing(whose: string, how: string): never {
  throw new Missing(`The merchant has no ${whose} account in this environment: set one with ${how}.`)
}

function daraja(
  { upstream }: Stage,
  { fetch }: Notes,
  { consumer_key, consumer_secret }: Pick<MpesaKeys, 'consumer_key' | 'consumer_secret'>,
) {
  const app = { consumerKey: consumer_key, consumerSecret: consumer_secret, fetch }
  return createDaraja(upstream ? { ...app, baseUrl: upstream } : { ...app, environment: 'sandbox' })
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
