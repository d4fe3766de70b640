import { html } from 'hono/html'
import type { NewKey } from '../../access/key.ts'
import { grants, scopes } from '../../access/scope.ts'
import type { KeyScope } from '../../access/scope.ts'
import type { Context } from '../../context.ts'
import { flag } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { field, picks } from '../../web/parts/field.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordName } from '../step-up.ts'

/** What the form for a key begins with; `chosen` are the scopes that are ticked. */
export type KeyForm = { context: Context; signedIn: SignedIn; chosen: KeyScope[]; refused?: Refused | undefined }

/** A form for a new key. */
export function keyForm({ context, signedIn, chosen, refused }: KeyForm): Html {
  const error = refused?.wrong[passwordName]
  const mode = refused?.typed['mode'] ?? signedIn.mode
  return html`<section class="read">
    <form class="sheet body form" method="post" action="/developers/keys">
      ${csrfField(signedIn)} ${wrongWith(refused, 'key')}
      ${field({ id: 'name', name: 'name', label: 'What it is for', placeholder: 'The shop’s server', maxLength: 100, required: true, ...fieldOf(refused, 'key', 'name') })}
      ${picks('Which money', 'mode', {
        options: [
          { value: 'test', words: 'Test', under: 'Simulator and sandbox. No real money.' },
          { value: 'live', words: 'Real money', under: 'Whatever your accounts can do. It asks for your password.' },
        ],
        chosen: mode,
      })}
      <fieldset>
        <legend class="label">What it may do</legend>
        <div class="scopes">
          ${scopes
            .filter((scope) => grants(signedIn.scopes, scope))
            .map(
              (scope) =>
                html`<label class="check"
                  ><input type="checkbox" name="${scope}" value="yes" ${flag('checked', chosen.includes(scope))} />
                  <span class="code">${scope}</span></label
                >`,
            )}
        </div>
        ${refused?.wrong['scopes'] ? html`<span class="wrong" role="alert">${refused.wrong['scopes']}</span>` : ''}
        <span class="hint small soft">To write includes to read. Give it no more than it needs.</span>
      </fieldset>
      ${mode === 'live' || error ? passwordAgain(context, { id: 'password', error }) : ''}
      <button class="do">Make the key</button>
    </form>
  </section>`
}

/** A new key, shown this once. */
export function newKeyBody({ key }: NewKey, name: string): Html {
  return html`<section class="read">
    <article class="answer good">
      <h3>The key “${name}”</h3>
      <p>Keep it where only your server reads it. It is shown this once.</p>
      <p class="secret code">${key}</p>
      <div class="acts"><a class="may" href="/developers">I have kept it</a></div>
    </article>
  </section>`
}
