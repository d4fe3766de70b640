import { createDaraja, stkPush, stkQuery } from '@lango/daraja'
import { Missing } from './notebook.ts'
import type { Notes, Suite } from './notebook.ts'
import { caseOn, ledgerOf, phoneThat, until } from './stage.ts'
import type { MpesaKeys, Stage } from './stage.ts'

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

function mpesaKeys({ mpesa }: Stage): MpesaKeys {
  if (mpesa) return mpesa
  throw new Missing('The merchant has no M-Pesa account in this environment: set one with lango merchants provider.')
}

function daraja(
  { upstream }: Stage,
  { fetch }: Notes,
  { consumer_key, consumer_secret }: Pick<MpesaKeys, 'consumer_key' | 'consumer_secret'>,
) {
  const app = { consumerKey: consumer_key, consumerSecret: consumer_secret, fetch }
  return createDaraja(upstream ? { ...app, baseUrl: upstream } : { ...app, environment: 'sandbox' })
}
