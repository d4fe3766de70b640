import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { field, picks } from '../../web/parts/field.ts'
import { accountChoice, noAccount } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'

/** What the form of one payout begins with. */
export type NewPayout = {
  signedIn: SignedIn
  accounts: NamedAccount[]
  password: Html | ''
  /** Whether money may be sent at all. */
  isOn: boolean
  refused?: Refused | undefined
  now: Date
}

/** The form that one payout is asked for with. */
export function newPayoutBody({ signedIn, accounts, password, refused, isOn }: NewPayout): Html {
  if (accounts.length === 0 && !refused) return noAccount(signedIn)
  if (!isOn && !refused) return offBody(signedIn)
  const at = (name: string) => ({ id: name, name, ...fieldOf(refused, 'payout', name) })
  return html`<section class="sheet read">
    <form class="body form payout" method="post" action="/payouts">
      ${csrfField(signedIn)} ${wrongWith(refused, 'payout')}
      ${picks('To whom', 'kind', { options: kinds, chosen: refused?.typed['kind'] ?? 'b2c' })}
      <div class="cols">
        <div class="for-person">
          ${field({ ...at('phone'), label: 'Phone', type: 'tel', placeholder: '0712 345 678', hint: 'Of a person, or of a Pochi.' })}
        </div>
        <div class="for-business">
          ${field({ ...at('shortcode'), label: 'Paybill or till', inputMode: 'numeric', placeholder: '600000', hint: 'Of a business.' })}
        </div>
        <div class="for-business for-paybill">
          ${field({ ...at('account_reference'), label: 'Account at the paybill', maxLength: 20 })}
        </div>
      </div>
      <div class="cols">
        ${field({ ...at('amount'), label: 'How much', before: 'KSh', inputMode: 'decimal', required: true })}
        ${field({ ...at('remarks'), label: 'What it is for', maxLength: 100, placeholder: 'Wages of November' })}
      </div>
      <div class="cols">
        ${field({ ...at('external_reference'), label: 'Your own reference', maxLength: 100, hint: 'Two payouts never have the same.' })}
        ${accountChoice(accounts, { label: 'From', ...fieldOf(refused, 'payout', 'account') })} ${password}
      </div>
      <p class="small soft">Nothing is sent before another of you approves it.</p>
      <div class="acts"><button class="do">Ask for this payout</button><a class="may" href="/payouts">Not now</a></div>
    </form>
  </section>`
}

/** What is said to whoever would send money before an owner has said how much. */
export function offBody(signedIn: SignedIn): Html {
  return html`<article class="answer late">
    <h3>Nothing can be sent yet</h3>
    <p>Before the first payout, an owner sets how much may go out in a day.</p>
    ${may(signedIn, 'team:write') ? html`<div class="acts"><a class="may" href="/settings">Set the limit of a day</a></div>` : ''}
  </article>`
}

const kinds = [
  { value: 'b2c', words: 'A person', under: 'To their M-PESA, by phone.' },
  { value: 'pochi', words: 'A Pochi la Biashara', under: 'To the wallet of a small trader, by phone.' },
  { value: 'paybill', words: 'A business, at its paybill', under: 'Into an account there.' },
  { value: 'till', words: 'A business, at its till', under: 'By its till number.' },
]
