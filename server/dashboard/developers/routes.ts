import { Hono } from 'hono'
import { createKeyFor, listKeys, revokeKey } from '../../access/key.ts'
import { scopes } from '../../access/scope.ts'
import type { KeyScope } from '../../access/scope.ts'
import { listAccounts } from '../../accounts/find.ts'
import { textSchema } from '../../api/schema.ts'
import { parseId } from '../../id.ts'
import { Problem } from '../../problem.ts'
import { z } from 'zod'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain } from '../step-up.ts'
import { accountPagesOf } from './account-routes.ts'
import { developersBody } from './developers-page.ts'
import { keyForm, newKeyBody } from './key-page.ts'

const accountsMax = 100

/** What programs sign in with, and the accounts with M-Pesa: `/developers`. */
export function developerPages() {
  return new Hono<SignedInEnvironment>()
    .use('/developers/*', entry('keys:write'))
    .get('/developers', (c) => look(c))
    .get('/developers/keys/new', (c) => showKeyForm(c))
    .post('/developers/keys', makeKey)
    .post('/developers/keys/:id/revoke', asSeen(), revoke)
    .route('/', accountPagesOf())
}

async function look(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const { merchant_id, mode } = caller
  const [keys, accounts] = await Promise.all([
    listKeys(context, merchant_id),
    listAccounts(context, { merchant_id, mode, filter: {}, limit: accountsMax }),
  ])
  const head = { title: 'Keys & accounts', lead: 'What your programs sign in with, and where the money goes.' }
  const body = developersBody({ context, signedIn, keys, accounts: accounts.rows, refused })
  return show(c, { place: '/developers', title: 'Keys & accounts', head, body }, status)
}

/** What most shops need, ticked at first. */
const usual: KeyScope[] = ['payments:read', 'payments:write']

async function showKeyForm(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const chosen = refused ? scopes.filter((scope) => refused.typed[scope] === 'yes') : usual
  const head = { title: 'A new key', back: { href: '/developers', name: 'Keys & accounts' } }
  return show(
    c,
    { place: '/developers', title: 'A new key', head, body: keyForm({ context, signedIn, chosen, refused }) },
    status,
  )
}

const keyFields = z.object({ name: textSchema(100), mode: z.enum(['test', 'live']) })

function makeKey(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'key',
    async again(refused, status) {
      // No field is called after all of them.
      const { message, ...rest } = refused
      const isOfScopes = message?.includes('scope') || message?.includes('role lacks')
      return showKeyForm(c, isOfScopes ? { ...rest, wrong: { ...rest.wrong, scopes: message! } } : refused, status)
    },
    async work() {
      const { value, typed } = await readForm(c, 'key', keyFields)
      const asked = scopes.filter((scope) => typed[scope] === 'yes')
      if (asked.length === 0) throw new Problem('invalid_request', 'Tick at least one scope.', 'scopes')
      if (value.mode === 'live') await confirmAgain(c)
      const made = await createKeyFor(c.var.context, c.var.caller, { ...value, scopes: asked })
      const head = { title: 'A new key', back: { href: '/developers', name: 'Keys & accounts' } }
      return show(c, { place: '/developers', title: 'A new key', head, body: newKeyBody(made, value.name) })
    },
  })
}

function revoke(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'revoke',
    again: (refused, status) => look(c, refused, status),
    async work() {
      const { context, caller } = c.var
      const id = parseId('key', c.req.param('id') ?? '')
      if (!id) throw new Problem('not_found', 'There is no such key.')
      await revokeKey(context, { merchant_id: caller.merchant_id, id })
      return goOn(c, '/developers?done=revoked')
    },
  })
}
