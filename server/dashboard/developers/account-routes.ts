import { Hono } from 'hono'
import { z } from 'zod'
import { addAccount } from '../../accounts/add.ts'
import type { AccountInput } from '../../accounts/given.ts'
import { pesaflowChange, pesaflowSchema, readPesaflowAccount } from '../../accounts/pesaflow-fields.ts'
import { credentialsSchema, mpesaSchema, nameSchema, readAccount } from '../../accounts/fields.ts'
import { findAccount } from '../../accounts/find.ts'
import type { Account } from '../../accounts/account.ts'
import { updateAccount } from '../../accounts/update.ts'
import { parseId, showId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import type { ProviderName } from '../../providers/names.ts'
import type { Examined } from '../../providers/examined.ts'
import { tryAccount } from '../../questions/try-account.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain } from '../step-up.ts'
import { newAccountForm } from './account-form.ts'
import { accountBody } from './account-page.ts'
import { fieldsOf } from '../own-form.ts'

const back = { href: '/developers', name: 'Keys & accounts' }

/** The accounts with M-Pesa and eCitizen, each on its page. */
export function accountPagesOf() {
  return new Hono<SignedInEnvironment>()
    .use('/developers/accounts/*', entry('merchant:write'))
    .get('/developers/accounts/new', (c) => showNew(c))
    .post('/developers/accounts', entry('merchant:write'), add)
    .get('/developers/accounts/:id', (c) => look(c))
    .post('/developers/accounts/:id', asSeen(), correct)
    .post('/developers/accounts/:id/try', tryIt)
}

async function showNew(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const body = newAccountForm(providerIn(refused?.typed ?? c.req.query()), { context, signedIn, refused })
  return show(c, { place: '/developers', title: 'A new account', head: { title: 'A new account', back }, body }, status)
}

type Shown = { refused?: Refused; examined?: Examined[]; status?: number }

async function look(c: DeskContext, { refused, examined, status = 200 }: Shown = {}): Promise<Response> {
  const { context, signedIn } = c.var
  const account = await accountIn(c)
  const body = accountBody({ context, signedIn, account, refused, examined })
  return show(c, { place: '/developers', title: account.name, head: { title: account.name, back }, body }, status)
}

function add(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'account',
    again: (refused, status) => showNew(c, refused, status),
    async work() {
      const typed = await fieldsOf(c)
      const input = await readInput(c, typed)
      const { value: named } = await readForm(c, 'account', nameOnly)
      await confirmAgain(c)
      const added = await addAccount(c.var.context, {
        ...input,
        ...named,
        is_default: typed['is_default'] === 'yes',
      })
      return goOn(c, `/developers/accounts/${showId('acc', added.id)}?done=account_kept`)
    },
  })
}

function correct(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'account',
    again: (refused, status) => look(c, { refused, status }),
    async work() {
      const account = await accountIn(c)
      const schema = account.provider === 'mpesa' ? credentialsSchema : pesaflowChange
      const { value: credentials, typed } = await readForm(c, 'account', schema as z.ZodObject)
      const { value: named } = await readForm(c, 'account', nameOnly)
      if (account.environment === 'live') await confirmAgain(c)
      const { context, caller } = c.var
      await updateAccount(context, {
        merchant_id: caller.merchant_id,
        mode: caller.mode,
        id: account.id,
        [account.provider]: credentials,
        ...named,
        ...(typed['is_default'] === 'yes' && { is_default: true }),
      })
      return goOn(c, `/developers/accounts/${showId('acc', account.id)}?done=account_kept`)
    },
  })
}

async function tryIt(c: DeskContext): Promise<Response> {
  const { context, caller } = c.var
  const { id } = await accountIn(c)
  const { examined } = await tryAccount(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
  return look(c, { examined })
}

/** With whom an account is made: what an address or a form says of it, M-Pesa where it says nothing. */
function providerIn({ provider }: Record<string, string>): ProviderName {
  return provider === 'pesaflow' ? 'pesaflow' : 'mpesa'
}

async function readInput(c: DeskContext, typed: Record<string, string>): Promise<AccountInput> {
  const { caller } = c.var
  if (providerIn(typed) === 'mpesa') return readAccount(caller, (await readForm(c, 'account', mpesaSchema)).value)
  return readPesaflowAccount(caller, (await readForm(c, 'account', pesaflowSchema)).value)
}

const nameOnly = z.object({ name: nameSchema.optional() })

function accountIn(c: DeskContext): Promise<Account> {
  const { context, caller } = c.var
  const id = parseId('acc', c.req.param('id') ?? '')
  if (!id) throw new Problem('not_found', 'There is no such account here.')
  return findAccount(context, { merchant_id: caller.merchant_id, mode: caller.mode, id })
}
