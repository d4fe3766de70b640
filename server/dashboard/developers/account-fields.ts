import { html } from 'hono/html'
import type { Account } from '../../accounts/account.ts'
import { mpesaCredentials, pesaflowCredentials } from '../../accounts/account.ts'
import { pesaflowHosts, pesaflowRecipes } from '../../accounts/pesaflow-fields.ts'
import type { ProviderName } from '../../providers/names.ts'
import { mask } from '../../secret.ts'
import type { Html } from '../../web/html.ts'
import { choice, field } from '../../web/parts/field.ts'
import { fieldOf } from '../form.ts'
import type { Refused } from '../form.ts'

/** The name of the form for an account. */
export const accountFormName = 'account'

/** What the fields of a form show: the account that there is, or none, and what was refused. */
export type AccountFields = { account?: Account; refused?: Refused | undefined }

/** Which number of the provider's a new account is. */
export function numberFields(provider: ProviderName, about: AccountFields): Html {
  if (provider === 'pesaflow')
    return html`${line(about, 'api_client_id', 'Client number', {
      hint: 'Of your organisation, as eCitizen gave it: “API client ID”.',
      inputMode: 'numeric',
      required: true,
    })}
    ${line(about, 'service_id', 'Service number', {
      hint: 'Of the service that is paid for: “service ID”. Another service is another account.',
      inputMode: 'numeric',
      required: true,
    })}`
  return html`${choice({
    id: 'type',
    name: 'type',
    label: 'What customers pay to',
    options: [
      ['paybill', 'A paybill'],
      ['till', 'A till (buy goods)'],
    ],
    ...fieldOf(about.refused, accountFormName, 'type', 'paybill'),
  })}
  ${line(about, 'shortcode', 'Short code', { hint: 'Of a till this is the store number.', inputMode: 'numeric', required: true })}
  ${line(about, 'till', 'Till number, of a till', { inputMode: 'numeric' })}`
}

/** What the provider gave for it. Of an account that is there each secret shows its end, and what is left empty stays. */
export function secretFields(provider: ProviderName, about: AccountFields): Html {
  const name = line(about, 'name', 'What you call it', { placeholder: about.account?.name ?? 'Westlands' })
  return html`${name} ${provider === 'pesaflow' ? ecitizenSecrets(about) : mpesaSecrets(about)}`
}

function mpesaSecrets(about: AccountFields): Html {
  const known = about.account && mpesaCredentials(about.account)
  const required = !about.account
  return html`${line(about, 'consumer_key', 'Consumer key', { required, ...masked(known?.consumer_key) })}
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

function ecitizenSecrets(about: AccountFields): Html {
  const known = about.account && pesaflowCredentials(about.account)
  const required = !about.account
  const [usual] = pesaflowHosts
  return html`${line(about, 'api_key', 'Key', { required, hint: '“API key”, with which requests are signed.', ...masked(known?.api_key) })}
  ${line(about, 'secret', 'Secret', { required, ...masked(known?.secret) })}
  ${choice({
    id: 'host',
    name: 'host',
    label: 'Where eCitizen answers, with real money',
    options: pesaflowHosts.map((host) => [host, host] as const),
    ...fieldOf(about.refused, accountFormName, 'host', known?.host ?? usual),
    hint: 'As eCitizen told you.',
  })}
  ${choice({
    id: 'ipn_recipe',
    name: 'ipn_recipe',
    label: 'How its notifications are signed',
    options: pesaflowRecipes.map((recipe) => [recipe, recipeWords[recipe]] as const),
    ...fieldOf(about.refused, accountFormName, 'ipn_recipe', known?.ipn_recipe ?? 'B'),
    hint: 'A notification settles nothing: eCitizen is asked about the bill first.',
  })}`
}

const recipeWords = {
  A: 'By recipe A',
  B: 'By recipe B, which fits what was recorded',
  off: 'Not looked at',
} as const satisfies Record<(typeof pesaflowRecipes)[number], string>

function masked(secret: string | undefined): { placeholder?: string } {
  return secret ? { placeholder: `${mask(secret)}, stays` } : {}
}

type LineOptions = { hint?: string; required?: boolean; placeholder?: string; inputMode?: 'numeric' | 'tel' }

function line({ refused }: AccountFields, name: string, label: string, options: LineOptions = {}): Html {
  return field({ id: name, name, label, ...options, ...fieldOf(refused, accountFormName, name) })
}
