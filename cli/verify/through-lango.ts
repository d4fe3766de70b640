import type { Invoice, Payment } from '@lango/client'
import { Missing } from './notebook.ts'
import type { Notes, Suite } from './notebook.ts'
import { call, caseOn, moneyOf, payAtPaybill, payerOfBills, payment, phoneThat } from './stage.ts'
import type { Stage } from './stage.ts'

type Provider = Suite['provider']
type Configured = { config_summary: { env: string } } | undefined

const lines = (amount: number) => [{ description: 'lango verify', unit_amount: amount }]

/** Through Lango: who one is, an invoice that nobody has paid, a payment of it, and its receipt. */
export async function throughLango(stage: Stage, provider: Provider): Promise<Suite> {
  const tryOut = caseOn(stage)
  const amount = provider === 'mpesa' ? 1 : 100
  return {
    provider,
    name: 'Through Lango',
    cases: [
      await tryOut('A key says whose it is, and a wrong one opens nothing', async (notes) => {
        const { status, data } = await call(stage, notes, 'GET', '/v1/merchant')
        notes.that('The merchant is told', [status, typeof data?.name], [200, 'string'])
        const wrong = await call({ ...stage, key: 'sk_test_not-a-key' }, notes, 'GET', '/v1/merchant')
        notes.that('A wrong key is answered 401', [wrong.status, wrong.error?.code], [401, 'unauthorized'])
      }),
      await tryOut('An unpaid invoice is found, a payment of it is pushed, and polled until it is paid', (notes) =>
        settleInvoice(stage, notes, { provider, amount }),
      ),
      await tryOut('What cannot be asked for is refused before anything is asked', async (notes) => {
        const customer = { name: 'Jane Doe' }
        const body =
          provider === 'mpesa' ? { provider, amount: '1.50', phone: '0712345678' } : { provider, amount: 100, customer }
        const { status, error } = await call(stage, notes, 'POST', '/v1/payments', body)
        const param = provider === 'mpesa' ? 'amount' : 'customer.id_number'
        notes.that('It is answered 400, and what is wrong is named', [status, error?.param], [400, param])
      }),
    ],
  }
}

async function settleInvoice(
  stage: Stage,
  notes: Notes,
  { provider, amount }: { provider: Provider; amount: number },
): Promise<void> {
  await refuseOtherEnvironment(stage, notes, provider)
  const made = await call<Invoice>(stage, notes, 'POST', '/v1/invoices', {
    lines: lines(amount),
    provider,
    instalments: false,
    customer: { name: 'Jane Doe' },
  })
  notes.that('The invoice is made', [made.status, made.data?.status], [201, 'open'])
  const open = await call<Invoice[]>(stage, notes, 'GET', '/v1/invoices?status=open&limit=5')
  notes.that(
    'It stands among the unpaid ones',
    open.data.some(({ id }) => id === made.data.id),
    true,
  )
  const { id, phone } = await begin(stage, notes, { provider, invoice: made.data.id })
  const paid = await payment(stage, notes, id)
  notes.that('The payment is completed', paid.status, 'completed')
  notes.that('It is of the invoice’s amount', paid.amount, `${amount}.00`)
  notes.that(
    'What came is that and the commission',
    paid.amount_received,
    (Number(paid.amount) + Number(paid.commission)).toFixed(2),
  )
  notes.that('It has the provider’s receipt', paid.provider_receipt, /^[A-Z0-9]{10}$/)
  notes.that('It is in the books, once', await moneyOf(stage, notes, id), [
    { receipt: paid.provider_receipt, amount: paid.amount_received },
  ])
  const { data: invoice } = await call<Invoice>(stage, notes, 'GET', `/v1/invoices/${made.data.id}`)
  notes.that(
    'The invoice is paid, by what is the merchant’s',
    [invoice.status, invoice.amount_paid],
    ['paid', `${amount}.00`],
  )
  const { receipt_id } = await payment(stage, notes, id, (seen) => seen.receipt_id !== null)
  notes.that('A receipt was issued', receipt_id, /^rct_/)
  if (phone) notes.that('The phone that was asked is the one that paid', paid.phone, phone)
}

/** Begins a payment of an invoice, or of an amount, and has it paid. */
async function begin(
  stage: Stage,
  notes: Notes,
  { provider, invoice }: { provider: Provider; invoice: string },
): Promise<{ id: string; phone?: string }> {
  const path = `/v1/invoices/${invoice}/settle`
  if (provider === 'mpesa') {
    const phone = await phoneThat(stage, 'approve')
    const { status, data } = await call<Payment>(stage, notes, 'POST', path, { phone })
    notes.that('The phone is asked', [status, data?.status, data?.provider_outcome], [201, 'pending', 'accepted'])
    return { id: data.id, phone }
  }
  const customer = { name: 'Jane Doe', id_number: '11111111' }
  const { status, data } = await call<Payment>(stage, notes, 'POST', path, { provider, customer })
  notes.that('The bill is made', [status, data?.status, data?.provider_outcome], [201, 'pending', 'accepted'])
  notes.that('Its page is eCitizen’s, not Lango’s', data.checkout_url, /\/checkout\?/)
  await payAtPaybill(stage, await payerOfBills(stage), {
    amount: Number(data.gross_amount),
    reference: data.provider_ref!,
  })
  return { id: data.id }
}

/** @throws what it would take, where the merchant's account is of another environment than the one that is verified. */
export async function refuseOtherEnvironment(stage: Stage, notes: Notes, provider: Provider): Promise<void> {
  const { status, data } = await call<Configured>(stage, notes, 'GET', `/v1/merchant/providers/${provider}`)
  const env = data?.config_summary?.env
  if (status === 200 && env === stage.environment) return
  throw new Missing(
    `The merchant’s ${provider} account is ${env ? `in ${env}` : 'not there'}: set one in ${stage.environment} with PUT /v1/merchant/providers/${provider}.`,
  )
}
