import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { showId } from '../../id.ts'
import type { Member } from '../../people/team.ts'
import type { Html } from '../../web/html.ts'
import { wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordError } from '../step-up.ts'
import { rolePicks } from './team-page.ts'

/** One who works here, and what can be changed of that. */
export type MemberView = { context: Context; signedIn: SignedIn; member: Member; refused?: Refused | undefined }

/** What one who works here may do, and a way to have it otherwise. */
export function memberBody({ context, signedIn, member, refused }: MemberView): Html {
  const path = `/team/${showId('usr', member.id)}`
  return html`<section class="grid2">
    <section class="sheet">
      <header><h2>What they may do</h2></header>
      <form class="body form" method="post" action="${path}/role">
        ${csrfField(signedIn)} ${wrongWith(refused, 'role')}
        ${refused?.wrong['role'] ? html`<p class="wrong" role="alert">${refused.wrong['role']}</p>` : ''}
        ${rolePicks(refused?.form === 'role' ? refused.typed['role'] : member.role)}
        ${passwordAgain(context, { id: 'password', error: passwordError(refused, 'role') })}
        <button class="do">Give this role</button>
      </form>
    </section>
    <section class="sheet">
      <header><h2>Remove ${member.name}</h2></header>
      <form class="body form" method="post" action="${path}/remove">
        ${csrfField(signedIn)} ${wrongWith(refused, 'remove')}
        ${refused?.form === 'remove' && refused.wrong['role'] ? html`<p class="wrong" role="alert">${refused.wrong['role']}</p>` : ''}
        <p class="small soft">
          They see nothing of ${signedIn.merchant.name} from their next step on. What they did stays in the audit log.
          Keys that they made stay too, for programs use them: revoke those under Keys &amp; accounts.
        </p>
        ${passwordAgain(context, { id: 'password-remove', error: passwordError(refused, 'remove') })}
        <button class="may">Remove</button>
      </form>
    </section>
  </section>`
}
