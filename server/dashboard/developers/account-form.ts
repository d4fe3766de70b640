import { html } from 'hono/html'
import { codeOf, mpesaCredentials } from '../../accounts/account.ts'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import { mask } from '../../secret.ts'
import type { Html } from '../../web/html.ts'
import { check, choice, field } from '../../web/parts/field.ts'
import { fieldOf, onceField, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordName } from '../step-up.ts'

/** What a form for an account begins with: the one that there is, or none. */
export type AccountForm = { context: Context; signedIn: SignedIn; account?: Account; refused?: Refused | undefined }

const form = 'account'

/** A form for a new account. */
export function newAccountForm(about: AccountForm): Html {
  const { context, signedIn, refused } = about
  const environment = refused?.typed['env'] ?? (signedIn.mode === 'live' ? 'live' : 'sandbox')
  return html`<section class="read">
    <form class="sheet body form" method="post" action="/developers/accounts">
      ${csrfField(signedIn)} ${onceField(context.clock.now())} ${wrongWith(refused, form)}
      ${choice({
        id: 'env',
        name: 'env',
        label: 'Where',
        options: [
          ['simulator', 'Simulator: nothing leaves this machine'],
          ['sandbox', 'Safaricom’s sandbox'],
          ...(signedIn.mode === 'live' ? ([['live', 'Real money']] as const) : []),
        ],
        ...fieldOf(refused, form, 'env', environment),
        ...(signedIn.mode === 'test' && { hint: 'For real money, change to it at the foot of the places first.' }),
      })}
      ${choice({
        id: 'type',
        name: 'type',
        label: 'What customers pay to',
        options: [
          ['paybill', 'A paybill'],
          ['till', 'A till (buy goods)'],
        ],
        ...fieldOf(refused, form, 'type', 'paybill'),
      })}
      ${line(about, 'shortcode', 'Short code', { hint: 'Of a till this is the store number.', inputMode: 'numeric', required: true })}
      ${line(about, 'till', 'Till number, of a till', { inputMode: 'numeric' })}
      ${secretFields(about, { required: true })}
      ${check('Use it where no account is named', 'is_default', refused?.typed['is_default'] === 'yes')}
      ${passwordAgain(context, { id: 'password', error: refused?.wrong[passwordName] })}
      <button class="do">Add it</button>
    </form>
  </section>`
}

/** A form that corrects an account; what is left empty stays as it is. */
export function accountForm(about: AccountForm & { account: Account }): Html {
  const { context, signedIn, account, refused } = about
  const isGrave = account.environment === 'live'
  if (account.provider !== 'mpesa')
    return html`<p class="sheet body small soft">
      It is changed by the API: PUT /v1/merchant/providers/${account.provider}, with what is new.
    </p>`
  return html`<form class="sheet body form" method="post" action="/developers/accounts/${showId('acc', account.id)}">
    <h2>Correct it</h2>
    <p class="small soft">
      What is left empty stays as it is. ${codeOf(account)} stays, too: for another number add another account.
    </p>
    ${csrfField(signedIn)} ${wrongWith(refused, form)} ${secretFields(about, { required: false })}
    ${account.is_default ? '' : check('Use it where no account is named', 'is_default', refused?.typed['is_default'] === 'yes')}
    ${isGrave ? passwordAgain(context, { id: 'password', error: refused?.wrong[passwordName] }) : ''}
    <button class="do">Keep this</button>
  </form>`
}

function secretFields(about: AccountForm, { required }: { required: boolean }): Html {
  const known = about.account && mpesaCredentials(about.account)
  const masked = (secret: string | undefined) => (secret ? { placeholder: `${mask(secret)}, stays` } : {})
  return html`${line(about, 'name', 'What you call it', { placeholder: about.account?.name ?? 'Westlands' })}
  ${line(about, 'consumer_key', 'Consumer key', { required, ...masked(known?.consumer_key) })}
  ${line(about, 'consumer_secret', 'Consumer secret', { required, ...masked(known?.consumer_secret) })}
  ${line(about, 'passkey', 'Passkey', { required, ...masked(known?.passkey) })}
  ${line(about, 'initiator', 'API operator', {
    hint: 'Of the M-PESA organisation portal: who refunds, pays out and asks for balances.',
    ...(known?.initiator && { placeholder: known.initiator }),
  })}
  ${line(about, 'security_credential', 'Their security credential', {
    hint: 'The operator’s password, encrypted by Safaricom’s certificate.',
    ...masked(known?.security_credential),
  })}
  ${line(about, 'nominated_number', 'Nominated number', {
    hint: 'For M-Pesa’s records of what came in (Pull).',
    inputMode: 'tel',
    ...(known?.nominated_number && { placeholder: known.nominated_number }),
  })}`
}

type LineOptions = { hint?: string; required?: boolean; placeholder?: string; inputMode?: 'numeric' | 'tel' }

// The API names the fields of an account below its provider; a form has them beside each other.
function line({ refused }: AccountForm, name: string, label: string, options: LineOptions = {}): Html {
  const { error, ...shown } = fieldOf(refused, form, name)
  const wrong = error ?? (refused?.form === form ? refused.wrong[`mpesa.${name}`] : undefined)
  return field({ id: name, name, label, ...options, ...shown, ...(wrong && { error: wrong }) })
}
