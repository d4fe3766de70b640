import { html } from 'hono/html'
import { showId } from '../../id.ts'
import type { Html } from '../../web/html.ts'
import { field } from '../../web/parts/field.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'

/** What waits for a second person: where it is decided, who asked for it, and what was refused. */
export type Waiting = {
  signedIn: SignedIn
  path: string
  /** Who must not decide it alone. */
  person: string
  by: string
  /** Where the password is asked for again: to send money is grave. */
  password: Html | ''
  refused?: Refused | undefined
}

/** The two ways to decide on what goes out. Whoever asked for it may only take it back. */
export function decisionForms({ signedIn, path, person, by, password, refused }: Waiting): Html {
  const isOwn = person === `user:${showId('usr', signedIn.user.id)}`
  const mayDecide = may(signedIn, 'payouts:write')
  return html`<article class="answer late">
    <h3>${isOwn ? 'Somebody else must approve this' : 'It waits for a second person'}</h3>
    <p>
      ${isOwn ? 'You asked for it. Nothing is sent before another of you approves it.' : `It was asked for by ${by}. Nothing is sent before it is approved.`}
    </p>
    ${wrongWith(refused, 'approve')}
    ${
      mayDecide
        ? html`<div class="cols">
            ${
              isOwn
                ? ''
                : html`<form method="post" action="${path}/approve" class="form">
                    ${csrfField(signedIn)} ${password}
                    <div class="acts"><button class="do" data-busy="Approving…">Approve and send</button></div>
                  </form>`
            }
            <form method="post" action="${path}/reject" class="form">
              ${csrfField(signedIn)} ${wrongWith(refused, 'reject')}
              ${field({ id: 'reject-reason', name: 'reason', label: isOwn ? 'Why it is taken back' : 'Why it is rejected', maxLength: 200, ...fieldOf(refused, 'reject', 'reason') })}
              <div class="acts"><button class="may">${isOwn ? 'Take it back' : 'Reject it'}</button></div>
            </form>
          </div>`
        : ''
    }
  </article>`
}
