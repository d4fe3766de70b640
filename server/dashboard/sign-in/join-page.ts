import { html } from 'hono/html'
import type { Invitation } from '../../people/invitation.ts'
import { passwordLengthMin } from '../../people/password.ts'
import type { Html } from '../../web/html.ts'
import { field } from '../../web/parts/field.ts'
import { csrfInput } from '../own-form.ts'
import { roleWords } from '../role-words.ts'
import { signInPath } from '../way-back.ts'
import { doorPage } from './door-page.ts'

/** A field of the form, and what is wrong with it. */
export type Wrong = { param: 'email' | 'name' | 'password' | 'again'; message: string }

type About = { csrf_token: string; action: string; invitation: Invitation }

/** What the page of a link begins with. */
export type JoinForm = About & { typed?: { email?: string; name?: string }; wrong?: Wrong }

/** Where a link leads: somebody new says who they are, or a user chooses a new password. */
export function joinPage(form: JoinForm): Html {
  const { invitation, csrf_token, action } = form
  const isRenewal = invitation.user_id !== null
  return doorPage({
    title: titleOf(invitation),
    lead: isRenewal ? 'What is open in your name on other browsers ends.' : leadOf(invitation),
    body: html`<form class="form" method="post" action="${action}">
      ${csrfInput(csrf_token)} ${isRenewal ? fixedEmail(invitation.email!) : whoFields(form)} ${passwordFields(form)}
      <button class="do">${isRenewal ? 'Keep it, and sign in' : 'Begin'}</button>
    </form>`,
    under: isRenewal ? undefined : html`<a href="${signInPath(action)}">I sign in here already</a>`,
  })
}

/** Where a link leads somebody who is signed in: one press, and they are a member too. */
export function joinTooPage({
  csrf_token,
  action,
  invitation,
  name,
  email,
}: About & { name: string; email: string }): Html {
  const isOther = invitation.email !== null && invitation.email !== email
  const signOut = html`<form method="post" action="/sign-out">
    ${csrfInput(csrf_token)}<button class="may">Sign out</button>
  </form>`
  if (isOther)
    return doorPage({
      title: titleOf(invitation),
      body: html`<p>This link is for ${invitation.email}, and you are signed in as ${email}.</p>
        ${signOut}`,
    })
  return doorPage({
    title: titleOf(invitation),
    lead: leadOf(invitation),
    body: html`<form class="form" method="post" action="${action}">
      ${csrfInput(csrf_token)}
      <button class="do">Join as ${name}</button>
    </form>`,
  })
}

/** What a link says that leads nowhere any more. */
export function lostLinkPage(): Html {
  return doorPage({
    title: 'This link is used up',
    lead: 'Each works once, and not for long. Whoever gave it to you can make another.',
    body: html`<p>On the machine itself that is <span class="code">lango users link</span>.</p>
      <a class="may" href="/sign-in">Sign in</a>`,
  })
}

function titleOf({ user_id, merchant_id, merchant_name }: Invitation): string {
  if (user_id) return 'A new password'
  return merchant_id ? `Join ${merchant_name}` : 'Welcome to Lango'
}

function leadOf({ merchant_id, role }: Invitation): string {
  if (!merchant_id) return 'You become the owner of all that is here, and invite the others.'
  const { name, what } = roleWords[role!]
  return `As ${name.toLowerCase()}. ${what}`
}

function whoFields({ invitation, typed = {}, wrong }: JoinForm): Html {
  const errorAt = (param: Wrong['param']) => (wrong?.param === param ? wrong.message : undefined)
  const email = invitation.email
    ? html`${fixedEmail(invitation.email)}${wrong?.param === 'email' ? html`<p class="wrong" role="alert">${wrong.message}</p>` : ''}`
    : field({
        id: 'email',
        name: 'email',
        label: 'E-mail',
        type: 'email',
        autoComplete: 'username',
        value: typed.email,
        required: true,
        error: errorAt('email'),
      })
  return html`${field({
    id: 'name',
    name: 'name',
    label: 'Your name',
    autoComplete: 'name',
    value: typed.name,
    required: true,
    maxLength: 100,
    error: errorAt('name'),
  })}
  ${email}`
}

// A password manager keeps the new password under this name.
function fixedEmail(email: string): Html {
  return html`<div>
    <span class="label">E-mail</span><b>${email}</b>
    <input
      class="unseen"
      name="email"
      value="${email}"
      autocomplete="username"
      tabindex="-1"
      aria-hidden="true"
      readonly
    />
  </div>`
}

function passwordFields({ wrong }: JoinForm): Html {
  const errorAt = (param: Wrong['param']) => (wrong?.param === param ? wrong.message : undefined)
  const one = { type: 'password', autoComplete: 'new-password', required: true } as const
  const hint = `At least ${passwordLengthMin} characters: three or four words do well.`
  return html`${field({ ...one, id: 'password', name: 'password', label: 'Password', hint, error: errorAt('password') })}
  ${field({ ...one, id: 'again', name: 'again', label: 'The same again', error: errorAt('again') })}`
}
