import { html } from 'hono/html'
import { roles } from '../../access/role.ts'
import type { Role } from '../../access/role.ts'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { OpenInvitation } from '../../people/invite.ts'
import type { Member } from '../../people/team.ts'
import { flag } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { field, picks } from '../../web/parts/field.ts'
import { ago } from '../../web/parts/time.ts'
import { who } from '../../web/parts/who.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { roleWords } from '../role-words.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordError } from '../step-up.ts'
import { when } from '../when.ts'

/** Everything that the page of the team shows. */
export type TeamView = {
  context: Context
  signedIn: SignedIn
  members: Member[]
  invitations: OpenInvitation[]
  refused?: Refused | undefined
}

/** Who works here, who is to come, and how somebody else comes. */
export function teamBody(view: TeamView): Html {
  return html`<section class="grid2">
    <div class="stack">${memberList(view)} ${invitationList(view)}</div>
    ${inviteForm(view)}
  </section>`
}

function memberList({ members, context, signedIn }: TeamView): Html {
  const now = context.clock.now()
  return html`<section class="sheet">
    <header><h2>Who works here</h2></header>
    <ul class="rowlist">
      ${members.map(
        ({ id, name, email, role, seen_at, has_second_factor }) =>
          html`<li>
            ${who({
              name: id === signedIn.user.id ? `${name} (you)` : name,
              under: html`${email}<br />${roleWords[role].name}${has_second_factor ? ', with a code of the phone' : ''}
                · ${seen_at ? html`here ${ago(seen_at, now, 'en')}` : 'not seen yet'}`,
              beside: html`<a class="may" href="/team/${showId('usr', id)}" aria-label="Change ${name}">Change</a>`,
            })}
          </li>`,
      )}
    </ul>
  </section>`
}

function invitationList({ invitations, context, signedIn, refused }: TeamView): Html | '' {
  if (invitations.length === 0) return ''
  const now = context.clock.now()
  return html`<section class="sheet">
    <header><h2>Invited</h2></header>
    <ul class="rowlist">
      ${invitations.map(
        ({ id, email, role, expires_at }) =>
          html`<li>
            <div class="who">
              <div>
                <b>${email}</b>
                <div class="small soft">${roleWords[role!].name} · the link ends ${when(expires_at, now)}</div>
              </div>
              <details class="sure" ${flag('open', refused?.form === id)}>
                <summary class="may" aria-label="Take back the invitation of ${email}">Take back…</summary>
                <form class="unfold form" method="post" action="/team/invitations/${id}/end">
                  ${csrfField(signedIn)} ${wrongWith(refused, id)}
                  ${passwordAgain(context, { id: `password-${id}`, error: passwordError(refused, id) })}
                  <button class="do">Take back</button>
                </form>
              </details>
            </div>
          </li>`,
      )}
    </ul>
  </section>`
}

function inviteForm({ context, signedIn, refused }: TeamView): Html {
  return html`<section class="sheet" id="invite">
    <header><h2>Invite somebody</h2></header>
    <form class="body form" method="post" action="/team/invitations">
      ${csrfField(signedIn)} ${wrongWith(refused, 'invite')}
      ${field({
        id: 'email',
        name: 'email',
        label: 'Their e-mail',
        type: 'email',
        inputMode: 'email',
        required: true,
        ...fieldOf(refused, 'invite', 'email'),
      })}
      ${rolePicks(refused?.form === 'invite' ? refused.typed['role'] : 'viewer')}
      ${passwordAgain(context, { id: 'password', error: passwordError(refused, 'invite') })}
      <button class="do">Make the link</button>
    </form>
  </section>`
}

/** The roles, each with what it may. */
export function rolePicks(chosen: string | undefined): Html {
  return picks('Role', 'role', {
    options: roles.map((role: Role) => ({ value: role, words: roleWords[role].name, under: roleWords[role].what })),
    ...(chosen && { chosen }),
  })
}

/** The link for somebody who was invited, shown this once. */
export function linkBody({ link, email, role }: { link: string; email: string; role: Role }): Html {
  return html`<section class="read">
    <article class="answer good">
      <h3>The link for ${email}</h3>
      <p>
        It makes them ${roleWords[role].name.toLowerCase()}, once, within a week. Send it to nobody else; it is shown
        this once.
      </p>
      <p class="secret code">${link}</p>
      <div class="acts"><a class="may" href="/team">To the team</a></div>
    </article>
  </section>`
}
