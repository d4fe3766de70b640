import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import type { Merchant } from '../../merchants/merchant.ts'
import { formatKes } from '../../money.ts'
import type { Limits } from '../../payouts/limit.ts'
import type { Html } from '../../web/html.ts'
import { check, choice, field } from '../../web/parts/field.ts'
import { status } from '../../web/parts/status.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordName } from '../step-up.ts'

/** Everything that the page of the business's settings shows; no limits where payouts are off. */
export type SettingsView = {
  context: Context
  signedIn: SignedIn
  merchant: Merchant
  limits: Limits | undefined
  refused?: Refused | undefined
}

/** What the business is called and looks like, and what it may send. */
export function settingsBody(view: SettingsView): Html {
  return html`<section class="grid2">${payoutForm(view)} ${businessForm(view)}</section>`
}

function payoutForm({ context, signedIn, limits, refused }: SettingsView): Html {
  const error = refused?.form === 'payouts' ? refused.wrong[passwordName] : undefined
  const shown = (cents: number | null | undefined) => (cents ? formatKes(cents) : '')
  return html`<section class="sheet" id="payouts">
    <header>
      <h2>Payouts</h2>
      ${limits ? status('completed', 'On') : status('idle', 'Off')}
    </header>
    <form class="body form" method="post" action="/settings/payouts">
      ${csrfField(signedIn)} ${wrongWith(refused, 'payouts')}
      ${field({
        id: 'daily_limit',
        name: 'daily_limit',
        label: 'At most, in a day of Nairobi',
        before: 'KSh',
        inputMode: 'decimal',
        required: true,
        ...fieldOf(refused, 'payouts', 'daily_limit', shown(limits?.daily_limit_cents)),
      })}
      ${field({
        id: 'approval_above',
        name: 'approval_above',
        label: 'Above this, a second person approves each',
        before: 'KSh',
        inputMode: 'decimal',
        hint: 'Left empty, none waits for a second person. Batches always do.',
        ...fieldOf(refused, 'payouts', 'approval_above', shown(limits?.approval_above_cents)),
      })}
      ${passwordAgain(context, { id: 'password', error })}
      <div class="acts">
        <button class="do">${limits ? 'Keep these limits' : 'Let money be sent'}</button>
        ${limits ? html`<button class="may" formaction="/settings/payouts/off" formnovalidate>Send nothing any more</button>` : ''}
      </div>
    </form>
  </section>`
}

function businessForm({ signedIn, merchant, refused }: SettingsView): Html {
  const isOn = (name: 'duplicate_guard' | 'invoice_reminders') =>
    refused?.form === 'business' ? refused.typed[name] === 'yes' : merchant[name]
  return html`<section class="sheet">
    <header><h2>The business</h2></header>
    <form class="body form" method="post" action="/settings">
      ${csrfField(signedIn)} ${wrongWith(refused, 'business')}
      ${field({ id: 'name', name: 'name', label: 'Its name, as payers see it', maxLength: 100, required: true, ...fieldOf(refused, 'business', 'name', merchant.name) })}
      ${field({ id: 'color', name: 'color', label: 'Its colour', placeholder: '#0b6b4f', maxLength: 7, hint: 'As # and six letters or digits. Left empty, the green of Lango.', ...fieldOf(refused, 'business', 'color', merchant.color ?? '') })}
      ${choice({
        id: 'language',
        name: 'language',
        label: 'The language of payers who have chosen none',
        options: [
          ['en', 'English'],
          ['sw', 'Kiswahili'],
        ],
        ...fieldOf(refused, 'business', 'language', merchant.language),
      })}
      ${check('Remind customers of invoices that were sent to them', 'invoice_reminders', isOn('invoice_reminders'))}
      ${check('Refuse a second payment like the first within a minute', 'duplicate_guard', isOn('duplicate_guard'))}
      <button class="do">Keep this</button>
    </form>
  </section>`
}
