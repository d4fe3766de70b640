import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { choice } from '../web/parts/field.ts'
import { noAccountWords } from './accounts.ts'
import type { NamedAccount } from './accounts.ts'
import { may } from './may.ts'
import type { SignedIn } from './signed-in.ts'

/** An account by its name and its place, said once where they are the same. */
export function accountWords({ name, place }: Pick<NamedAccount, 'name' | 'place'>): string {
  return place.endsWith(name) ? place : `${name} · ${place}`
}

/** Which account, where there are several; nothing is asked where there is one, and that one is meant. */
export function accountChoice(
  accounts: NamedAccount[],
  given: { label: string; value?: string; error?: string },
): Html {
  const { error } = given
  if (accounts.length === 0) return html`<p class="wrong" role="alert">${noAccountWords}</p>`
  if (accounts.length === 1)
    return html`<input type="hidden" name="account" value="${accounts[0]!.id}" />
      ${error ? html`<p class="wrong" role="alert">${error} It would be ${accountWords(accounts[0]!)}.</p>` : ''}`
  const options = accounts.map((account) => [account.id, accountWords(account)] as const)
  return choice({ ...given, id: 'account', name: 'account', options, value: given.value || accounts[0]!.id })
}

/** What stands in place of a form that has no account to work with: what to do first. */
export function noAccount(signedIn: SignedIn): Html {
  const words =
    signedIn.mode === 'live'
      ? 'You look at real money, and no account takes it yet. An owner adds one under Keys & accounts. To try things out, look at test money: the way there is at the foot of the places.'
      : noAccountWords
  return html`<article class="answer late">
    <h3>This needs an account first</h3>
    <p>${words}</p>
    ${may(signedIn, 'merchant:write') ? html`<div class="acts"><a class="may" href="/developers">Add an account</a></div>` : ''}
  </article>`
}
