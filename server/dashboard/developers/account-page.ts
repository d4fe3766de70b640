import { placeOf } from '../../accounts/place.ts'
import { html } from 'hono/html'
import { pesaflowCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import { pesaflowHosts } from '../../accounts/pesaflow-fields.ts'
import { showId } from '../../id.ts'
import type { Examined } from '../../providers/examined.ts'
import type { Html } from '../../web/html.ts'
import { code, facts } from '../../web/parts/facts.ts'
import type { Fact } from '../../web/parts/facts.ts'
import { status } from '../../web/parts/status.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import { may } from '../may.ts'
import { providerWords } from '../../providers/names.ts'
import { csrfField } from '../signed-in.ts'
import { accountForm } from './account-form.ts'
import type { AccountForm } from './account-form.ts'
import { environmentStatus } from './developers-page.ts'

/** One account, and what M-Pesa has just said of its credentials. */
export type AccountView = AccountForm & { account: Account; examined?: Examined[] | undefined }

/** What an account is, whether its credentials are right, and a form that corrects it. */
export function accountBody(view: AccountView): Html {
  const { account, signedIn } = view
  return html`<section class="grid2">
    <div class="stack">${may(signedIn, 'merchant:write') ? accountForm(view) : ''}</div>
    <div class="stack">${examinedPart(view)} ${factPart(account)}</div>
  </section>`
}

function examinedPart({ account, signedIn, examined, context }: AccountView): Html {
  const path = `/developers/accounts/${showId('acc', account.id)}/try`
  const now = context.clock.now()
  const looks = { right: 'good', wrong: 'bad', unknown: 'late' } as const
  return html`<section class="sheet" id="try">
    <header><h2>Are they right?</h2></header>
    <div class="body stack">
      ${
        examined
          ? timeline(
              examined.map(({ what, outcome, message }) => ({ look: looks[outcome], what, how: message, at: now })),
            )
          : html`<p class="small soft">
              ${providerWords[account.provider]} is asked whether it takes what is kept here. No money moves, and no
              phone rings.
            </p>`
      }
      ${
        may(signedIn, 'merchant:write')
          ? html`<form method="post" action="${path}">
              ${csrfField(signedIn)}<button class="may firm">Test these credentials</button>
            </form>`
          : ''
      }
    </div>
  </section>`
}

function factPart(account: Account): Html {
  return html`<section class="sheet">
    <header><h2>Details</h2></header>
    <div class="body">
      ${facts([
        ['Where', environmentStatus(account)],
        ['With', providerWords[account.provider]],
        ['Customers pay to', placeOf(account)],
        ['Used where none is named', account.is_default ? 'Yes' : 'No'],
        ...(account.provider === 'mpesa' ? mpesaFacts(account) : ecitizenFacts(account)),
        ['Ended', account.ended_at ? status('idle', 'Stays for what was made with it') : ''],
        ['Account', html`<span class="small">${code(showId('acc', account.id))}</span>`],
      ])}
    </div>
  </section>`
}

function mpesaFacts({
  shortcode,
  c2b_registered_at,
  pull_registered_at,
  balance_at,
  balance_problem,
}: Account): Fact[] {
  return [
    ['Short code', code(shortcode)],
    ['Hears of money from the menu', c2b_registered_at ? moment(c2b_registered_at, 'en') : 'Not registered'],
    ['Hears of M-Pesa’s records', pull_registered_at ? moment(pull_registered_at, 'en') : 'Not registered'],
    ['Told its balance', balance_at ? moment(balance_at, 'en') : ''],
    ['Asked for its balance, M-Pesa said', balance_problem ?? ''],
  ]
}

function ecitizenFacts(account: Account): Fact[] {
  const { host } = pesaflowCredentials(account)
  return [
    ['Client number', code(account.shortcode)],
    ['eCitizen answers at', account.environment === 'live' ? (host ?? pesaflowHosts[0]) : ''],
  ]
}
