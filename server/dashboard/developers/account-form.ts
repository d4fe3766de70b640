import { html } from 'hono/html'
import { codeOf } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { ProviderName } from '../../providers/names.ts'
import type { Html } from '../../web/html.ts'
import { check, choice } from '../../web/parts/field.ts'
import { fieldOf, wrongWith } from '../form.ts'
import { providerWords } from '../../providers/names.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordName } from '../step-up.ts'
import { accountFormName, numberFields, secretFields } from './account-fields.ts'
import type { AccountFields } from './account-fields.ts'

/** What a form for an account begins with: who fills it in, and the account that there is, or none. */
export type AccountForm = AccountFields & { context: Context; signedIn: SignedIn }

const newPath = '/developers/accounts/new'

/** A form for a new account with a provider. */
export function newAccountForm(provider: ProviderName, about: AccountForm): Html {
  const { context, signedIn, refused } = about
  return html`<nav class="chips" aria-label="With whom">
      ${withWhom.map(
        ([one, href]) =>
          html`<a class="chip" href="${href}" ${one === provider ? html`aria-current="true"` : ''}
            >${providerWords[one]}</a
          >`,
      )}
    </nav>
    <section class="read">
      <form class="sheet body form" method="post" action="/developers/accounts">
        ${csrfField(signedIn)}
        <input type="hidden" name="provider" value="${provider}" />
        ${wrongWith(refused, accountFormName)} ${whereChoice(provider, about)} ${numberFields(provider, about)}
        ${secretFields(provider, about)}
        ${check('Use it where no account is named', 'is_default', refused?.typed['is_default'] === 'yes')}
        ${passwordAgain(context, { id: 'password', error: refused?.wrong[passwordName] })}
        <button class="do">Add it</button>
      </form>
    </section>`
}

const withWhom = [
  ['mpesa', newPath],
  ['pesaflow', `${newPath}?provider=pesaflow`],
] as const

function whereChoice(provider: ProviderName, { signedIn, refused }: AccountForm): Html {
  const isLive = signedIn.mode === 'live'
  return choice({
    id: 'env',
    name: 'env',
    label: 'Where',
    options: [
      ['simulator', 'Simulator: nothing leaves this machine'],
      ['sandbox', sandboxWords[provider]],
      ...(isLive ? ([['live', 'Real money']] as const) : []),
    ],
    ...fieldOf(refused, accountFormName, 'env', isLive ? 'live' : 'sandbox'),
    ...(!isLive && { hint: 'For real money, change to it at the foot of the places first.' }),
  })
}

/** What a provider's own place to try is called. */
export const sandboxWords: Record<ProviderName, string> = {
  mpesa: 'Safaricom’s sandbox',
  pesaflow: 'eCitizen’s test system',
}

/** A form that corrects an account; what is left empty stays as it is. */
export function accountForm(about: AccountForm & { account: Account }): Html {
  const { context, signedIn, account, refused } = about
  return html`<form class="sheet body form" method="post" action="/developers/accounts/${showId('acc', account.id)}">
    <h2>Correct it</h2>
    <p class="small soft">
      What is left empty stays as it is. ${codeOf(account)} stays, too: for another number add another account.
    </p>
    ${csrfField(signedIn)} ${wrongWith(refused, accountFormName)} ${secretFields(account.provider, about)}
    ${account.is_default ? '' : check('Use it where no account is named', 'is_default', refused?.typed['is_default'] === 'yes')}
    ${account.environment === 'live' ? passwordAgain(context, { id: 'password', error: refused?.wrong[passwordName] }) : ''}
    <button class="do">Keep this</button>
  </form>`
}
