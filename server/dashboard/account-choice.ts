import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { choice } from '../web/parts/field.ts'
import type { NamedAccount } from './accounts.ts'

/** An account by its name and its place, said once where they are the same. */
export function accountWords({ name, place }: Pick<NamedAccount, 'name' | 'place'>): string {
  return place.endsWith(name) ? place : `${name} · ${place}`
}

/** Which account, where there are several; nothing is asked where there is one, and that one is meant. */
export function accountChoice(
  accounts: NamedAccount[],
  given: { label: string; value?: string; error?: string },
): Html {
  if (accounts.length === 0)
    return html`<p class="wrong">There is no account for this yet. It is added under Keys & accounts.</p>`
  if (accounts.length === 1) return html`<input type="hidden" name="account" value="${accounts[0]!.id}" />`
  const options = accounts.map((account) => [account.id, accountWords(account)] as const)
  return choice({ ...given, id: 'account', name: 'account', options, value: given.value || accounts[0]!.id })
}
