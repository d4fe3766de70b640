import { Hono } from 'hono'
import { showId } from '../../id.ts'
import { payoutRequest } from '../../payouts/asked.ts'
import { createPayout } from '../../payouts/create.ts'
import type { Payout } from '../../payouts/payout.ts'
import { limitsWhereOn } from '../../payouts/limit.ts'
import { accountChosen } from '../accounts.ts'
import { answerForm } from '../answer-form.ts'
import type { DeskContext } from '../desk-context.ts'
import { asSentence, RefusedForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain, passwordName } from '../step-up.ts'
import { newPayoutBody } from './new-page.ts'
import { payingAccounts } from './paying-accounts.ts'
import { passwordOf } from './password.ts'
import { fieldsOf } from '../own-form.ts'

const names = ['kind', 'phone', 'shortcode', 'account_reference', 'account', 'amount', 'external_reference'] as const

/** One payout, asked for by a form: it waits for a second person, as a batch does. */
export function newPayoutPages() {
  return new Hono<SignedInEnvironment>()
    .get('/payouts/new', entry('payouts:write'), (c) => showForm(c))
    .post('/payouts', entry('payouts:write'), create)
}

async function showForm(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const accounts = await payingAccounts(context, caller)
  const password = passwordOf(context, refused)
  const head = {
    title: 'Pay somebody',
    lead: 'A person, a small trader, or a business.',
    back: { href: '/payouts', name: 'Payouts' },
  }
  const isOn = Boolean(await limitsWhereOn(context.database, caller.merchant_id))
  const body = newPayoutBody({ signedIn, accounts, password, refused, isOn, now: context.clock.now() })
  return show(c, { place: '/payouts', title: 'Pay somebody', head, body }, status)
}

async function create(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { merchant_id, mode } = caller
  const none = Object.fromEntries([...names, passwordName].map((name) => [name, '']))
  const typed: Record<string, string> = { ...none, ...(await fieldsOf(c)) }
  return answerForm(c, {
    form: 'payout',
    typed,
    work: async () => {
      const { currency: _, amount: amount_cents, ...asked } = readPayout(typed)
      const { id: account, provider } = accountChosen(await payingAccounts(context, caller), asked.account)
      await confirmAgain(c)
      const input = { ...asked, provider, account, merchant_id, mode, amount_cents, waits: true }
      const { made } = (await createPayout(c.var.context, input)) as { made: Payout }
      return goOn(c, `/payouts/${showId('pot', made.id)}?done=payout_waits`)
    },
    again: (refused, status) => showForm(c, refused, status),
  })
}

/** Reads what was typed, by the rules of the API. @throws a RefusedForm that says at each field what is wrong with it. */
function readPayout(typed: Record<string, string>) {
  const said = (name: string) => typed[name]?.trim() || undefined
  const kind = said('kind')
  const isBusiness = kind === 'paybill' || kind === 'till'
  const read = payoutRequest.safeParse({
    ...(isBusiness
      ? {
          kind: 'b2b',
          shortcode: said('shortcode'),
          shortcode_type: kind,
          account_reference: kind === 'paybill' ? said('account_reference') : undefined,
        }
      : { kind, phone: said('phone') }),
    amount: said('amount')?.replaceAll(',', ''),
    remarks: said('remarks'),
    external_reference: said('external_reference'),
    account: said('account'),
  })
  if (read.success) return read.data
  const wrong = read.error.issues.map(({ path, message }) => [String(path[0]), asSentence(message)] as const)
  throw new RefusedForm({ form: 'payout', typed, wrong: Object.fromEntries(wrong.toReversed()) })
}
