import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { field } from '../../web/parts/field.ts'
import { accountChoice, noAccount } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'

/** What the form of a payment link begins with. */
export type NewLink = { signedIn: SignedIn; accounts: NamedAccount[]; refused?: Refused | undefined }

/** The form that a payment link is made with. */
export function newLinkBody({ signedIn, accounts, refused }: NewLink): Html {
  if (accounts.length === 0 && !refused) return noAccount(signedIn)
  const at = (name: string) => ({ id: name, name, ...fieldOf(refused, 'link', name) })
  return html`<section class="sheet read">
    <form class="body form" method="post" action="/links">
      ${csrfField(signedIn)} ${wrongWith(refused, 'link')}
      ${field({ ...at('name'), label: 'What is paid for', maxLength: 100, placeholder: 'Sadaka', hint: 'As its payers read it.', required: true })}
      <div class="cols">
        ${field({ ...at('amount'), label: 'How much', before: 'KSh', inputMode: 'decimal', hint: 'Left empty, the payer writes how much.' })}
        ${field({ ...at('max_uses'), label: 'How often', inputMode: 'numeric', hint: 'Left empty, any number of times.' })}
        ${accountChoice(accounts, { label: 'Paid to', ...fieldOf(refused, 'link', 'account') })}
      </div>
      <div class="acts"><button class="do">Make this link</button><a class="may" href="/links">Not now</a></div>
    </form>
  </section>`
}
