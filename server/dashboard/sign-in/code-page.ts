import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { field } from '../../web/parts/field.ts'
import { csrfInput } from '../own-form.ts'
import { doorPage } from './door-page.ts'

/** What the page of the code begins with: that the password was right, where it leads, and what was wrong with a code. */
export type CodeForm = { csrf_token: string; to: string; pass: string; error?: string }

/** Where one types the code of the phone, after the password. */
export function codePage({ csrf_token, to, pass, error }: CodeForm): Html {
  return doorPage({
    title: 'And the code',
    lead: 'Your authenticator app shows six digits for Lango.',
    body: html`<form class="form" method="post" action="/sign-in/code">
      ${csrfInput(csrf_token)}
      <input type="hidden" name="to" value="${to}" />
      <input type="hidden" name="pass" value="${pass}" />
      ${field({ id: 'code', name: 'code', label: 'Code', inputMode: 'text', autoComplete: 'one-time-code', maxLength: 20, required: true, error })}
      <button class="do">Sign in</button>
    </form>`,
    under: html`Without the phone, type one of the codes that you kept for that. Without those, whoever runs this
      machine helps: <span class="code">lango users link --without-code</span>`,
  })
}
