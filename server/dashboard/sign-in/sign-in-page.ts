import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { field } from '../../web/parts/field.ts'
import { csrfInput } from '../own-form.ts'
import { doorPage } from './door-page.ts'

/** What the page of the sign-in begins with: where it leads, what was typed, and what was wrong with it. */
export type SignInForm = { csrf_token: string; to: string; email?: string; error?: string }

/** Where one signs in. */
export function signInPage({ csrf_token, to, email = '', error }: SignInForm): Html {
  return doorPage({
    title: 'Sign in',
    body: html`<form class="form" method="post" action="/sign-in">
      ${csrfInput(csrf_token)}
      <input type="hidden" name="to" value="${to}" />
      ${field({ id: 'email', name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username', value: email, required: true })}
      ${field({ id: 'password', name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password', required: true, error })}
      <button class="do">Sign in</button>
    </form>`,
    under: html`Without a password any more? Whoever runs this machine makes you a link:
      <span class="code">lango users link ${email || 'you@example.com'}</span>`,
  })
}
