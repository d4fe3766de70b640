import { placeOf } from '../../accounts/place.ts'
import { html } from 'hono/html'
import type { Key } from '../../access/key.ts'
import { scopes } from '../../access/scope.ts'
import type { KeyScope } from '../../access/scope.ts'
import { mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { Html } from '../../web/html.ts'
import { empty } from '../../web/parts/empty.ts'
import { status } from '../../web/parts/status.ts'
import { table } from '../../web/parts/table.ts'
import { sandboxWords } from './account-form.ts'
import { may } from '../may.ts'
import { wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'

/** Everything that the page of developers shows. */
export type DevelopersView = {
  context: Context
  signedIn: SignedIn
  keys: Key[]
  accounts: Account[]
  refused?: Refused | undefined
}

/** What programs sign in with, where the money goes, and where to read about both. */
export function developersBody(view: DevelopersView): Html {
  return html`${keyList(view)} ${accountList(view)} ${reading(view)}`
}

function keyList({ context, signedIn, keys, refused }: DevelopersView): Html {
  const now = context.clock.now()
  const make = html`<a class="may firm" href="/developers/keys/new">Make a key</a>`
  if (keys.length === 0)
    return empty({
      title: 'No program has a key yet.',
      words: 'A key is what your shop’s server shows with each request.',
      action: make,
    })
  return html`<section class="sheet">
    <header>
      <h2>API keys</h2>
      ${make}
    </header>
    ${wrongWith(refused, 'revoke')}
    ${table(
      'API keys, newest first',
      [
        {
          name: 'Name',
          look: 'words',
          show: ({ name, scopes: granted }) =>
            html`<b>${name}</b>
              <div class="small soft">${scopeWords(granted)}</div>`,
        },
        { name: 'Ends in', look: 'code', show: ({ hint }) => `…${hint}` },
        {
          name: 'Money',
          isExtra: true,
          show: ({ mode }) => (mode === 'live' ? status('completed', 'Real') : status('idle', 'Test')),
        },
        { name: 'Made', look: 'soft', isExtra: true, show: ({ created_at }) => when(created_at, now) },
        {
          name: '',
          show: ({ id, name, revoked_at }) =>
            revoked_at
              ? status('failed', 'Revoked')
              : html`<form method="post" action="/developers/keys/${showId('key', id)}/revoke">
                  ${csrfField(signedIn)}
                  <details class="sure">
                    <summary class="may">Revoke…</summary>
                    <div class="unfold">
                      <p class="small">Programs that use it stop working at once.</p>
                      <button class="do" aria-label="Revoke ${name}">Revoke</button>
                    </div>
                  </details>
                </form>`,
        },
      ],
      keys,
    )}
  </section>`
}

function accountList({ accounts, signedIn }: DevelopersView): Html {
  const add = may(signedIn, 'merchant:write')
    ? html`<a class="may" href="/developers/accounts/new">Add an account</a>`
    : ''
  if (accounts.length === 0)
    return empty({
      title: 'No account yet.',
      words:
        'An account is where your customers pay: a paybill or till with M-Pesa, or a service with eCitizen, with the credentials that you were given for it.',
      ...(add && { action: add }),
    })
  return html`<section class="sheet">
    <header>
      <h2>Accounts</h2>
      ${add}
    </header>
    ${table(
      'Accounts with M-Pesa and eCitizen',
      [
        {
          name: 'Name',
          look: 'words',
          show: (account) =>
            html`<a href="/developers/accounts/${showId('acc', account.id)}"><b>${account.name}</b></a>
              <div class="small soft">${placeOf(account)}${account.is_default ? ', the default' : ''}</div>`,
        },
        { name: 'Where', show: (account) => environmentStatus(account) },
        {
          name: 'State',
          isExtra: true,
          look: 'words',
          show: ({ provider, ended_at, c2b_registered_at, credentials }) =>
            ended_at
              ? status('idle', 'Ended')
              : provider !== 'mpesa'
                ? html`<span class="small soft">Opens eCitizen’s page, takes no refunds</span>`
                : html`<span class="small soft"
                    >${c2b_registered_at ? 'Hears of money from the menu' : 'Not registered for money from the menu'}${mpesaCredentials({ credentials }).initiator ? ', can refund and pay out' : ', no API operator'}</span
                  >`,
        },
      ],
      accounts,
    )}
  </section>`
}

/** What a key may do, without what its writing includes. */
function scopeWords(granted: KeyScope[]): string {
  if (scopes.every((scope) => granted.includes(scope))) return 'everything'
  const isIncluded = (scope: KeyScope) =>
    scope.endsWith(':read') && granted.includes(scope.replace(':read', ':write') as KeyScope)
  return granted.filter((scope) => !isIncluded(scope)).join(', ')
}

/** Which money an account moves. */
export function environmentStatus({ environment, provider }: Pick<Account, 'environment' | 'provider'>): Html {
  if (environment === 'live') return status('completed', 'Real money')
  return status('idle', environment === 'sandbox' ? sandboxWords[provider] : 'Simulator')
}

function reading({ context, accounts }: DevelopersView): Html {
  const isSimulated = accounts.some(({ environment, ended_at }) => environment === 'simulator' && !ended_at)
  return html`<section class="sheet">
    <header><h2>To read, and to try</h2></header>
    <ul class="rowlist">
      <li><a href="/docs">The reference of the API</a> <span class="small soft">every request, with examples</span></li>
      <li><a href="/docs/errors">Every error</a> <span class="small soft">what it means, and what to do</span></li>
      <li><a href="/webhooks">Webhooks</a> <span class="small soft">where your shop is told</span></li>
      ${
        isSimulated
          ? html`<li>
              <a href="${context.config.darajaUrls.simulator}/phone">The simulated phones</a>
              <span class="small soft">they ring when you ask for money</span>
            </li>`
          : ''
      }
    </ul>
  </section>`
}
