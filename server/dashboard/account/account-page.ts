import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { passwordLengthMin } from '../../people/password.ts'
import type { Reports } from '../../people/reports.ts'
import type { Offer } from '../../people/second-factor.ts'
import type { ListedSession } from '../../people/session.ts'
import type { User } from '../../people/user.ts'
import type { Html } from '../../web/html.ts'
import { check, field } from '../../web/parts/field.ts'
import { qrCode } from '../../web/parts/qr-code.ts'
import { status } from '../../web/parts/status.ts'
import { ago } from '../../web/parts/time.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { passwordAgain, passwordError } from '../step-up.ts'
import { when } from '../when.ts'
import { browserName } from './browser-name.ts'

/** Everything that the page of one's own sign-in shows. */
export type AccountView = {
  context: Context
  signedIn: SignedIn
  user: User
  sessions: ListedSession[]
  offer: Offer | undefined
  /** Which reports they want; undefined for a role that has none. */
  reports: Reports | undefined
  refused?: Refused | undefined
}

/** Where one is signed in, and by what. */
export function accountBody(view: AccountView): Html {
  return html`<section class="grid2">
    <div class="stack">${sessionList(view)} ${reportsForm(view)}</div>
    <div class="stack">${secondFactor(view)} ${passwordForm(view)}</div>
  </section>`
}

function sessionList({ context, signedIn, sessions }: AccountView): Html {
  const now = context.clock.now()
  return html`<section class="sheet">
    <header><h2>Where you are signed in</h2></header>
    <ul class="rowlist">
      ${sessions.map(
        ({ id, agent, source_address, created_at, seen_at }) =>
          html`<li>
            <div class="who">
              <div>
                <b>${browserName(agent)}</b> ${id === signedIn.session.id ? status('completed', 'This one') : ''}
                <div class="small soft">
                  from ${source_address}, since ${when(created_at, now)} · used ${ago(seen_at, now, 'en')}
                </div>
              </div>
              <form method="post" action="/account/sessions/${id}/end">
                ${csrfField(signedIn)}
                <button class="may">${id === signedIn.session.id ? 'Sign out' : 'End'}</button>
              </form>
            </div>
          </li>`,
      )}
    </ul>
    ${
      sessions.length > 1
        ? html`<form class="body" method="post" action="/account/sessions/end">
            ${csrfField(signedIn)}<button class="may">End all others</button>
          </form>`
        : ''
    }
  </section>`
}

function reportsForm({ signedIn, reports }: AccountView): Html | '' {
  if (!reports) return ''
  return html`<section class="sheet" id="reports">
    <header><h2>Reports by mail</h2></header>
    <form class="body form" method="post" action="/account/reports">
      ${csrfField(signedIn)}
      <p class="small soft">Of ${signedIn.merchant.name}, to ${signedIn.user.email}.</p>
      ${check('Every morning, how the day before was', 'daily_summary', reports.daily_summary)}
      ${check('On the first of a month, the statement of the one before, as a PDF', 'monthly_statement', reports.monthly_statement)}
      <div class="acts"><button class="may firm">Keep this</button></div>
    </form>
  </section>`
}

function secondFactor(view: AccountView): Html {
  const { user, context, offer } = view
  const now = context.clock.now()
  return html`<section class="sheet" id="second-factor">
    <header>
      <h2>A code of your phone</h2>
      ${user.totp_since ? status('completed', 'Asked for') : status('idle', 'Off')}
    </header>
    ${user.totp_since ? endForm(view, when(user.totp_since, now)) : offer ? offerForm(view, offer) : beginForm(view)}
  </section>`
}

function beginForm({ context, signedIn, refused }: AccountView): Html {
  return html`<form class="body form" method="post" action="/account/second-factor">
    ${csrfField(signedIn)} ${wrongWith(refused, 'offer')}
    <p class="small soft">
      An authenticator app on your phone shows six digits that change twice a minute. With them, a password that
      somebody has found out lets nobody in.
    </p>
    ${passwordAgain(context, { id: 'password-offer', error: passwordError(refused, 'offer') })}
    <button class="may firm">Set it up</button>
  </form>`
}

function offerForm({ context, signedIn, refused }: AccountView, { secret, uri }: Offer): Html {
  return html`<form class="body form" method="post" action="/account/second-factor/begin">
    ${csrfField(signedIn)} ${wrongWith(refused, 'begin')}
    <p class="small soft">
      Scan this with the app. On the phone itself, <a href="${uri}">open it there</a>; or add an account by hand, named
      Lango, with the key below.
    </p>
    ${qrCode(uri, 'The key as a QR code')}
    <p class="secret code">${secret}</p>
    ${field({
      id: 'code',
      name: 'code',
      label: 'The six digits that it shows then',
      inputMode: 'numeric',
      autoComplete: 'one-time-code',
      maxLength: 10,
      required: true,
      ...fieldOf(refused, 'begin', 'code'),
    })}
    ${passwordAgain(context, { id: 'password-begin', error: passwordError(refused, 'begin') })}
    <button class="do">Ask for it from now on</button>
  </form>`
}

function endForm({ context, signedIn, refused }: AccountView, since: Html): Html {
  return html`<form class="body form" method="post" action="/account/second-factor/end">
    ${csrfField(signedIn)} ${wrongWith(refused, 'end')}
    <p class="small soft">It is asked for after your password, since ${since}.</p>
    ${passwordAgain(context, { id: 'password-end', error: passwordError(refused, 'end') })}
    <button class="may">Ask for it no longer</button>
  </form>`
}

function passwordForm({ context, signedIn, refused }: AccountView): Html {
  const error = (name: string) => (refused?.form === 'password' ? refused.wrong[name] : undefined)
  const one = { type: 'password', autoComplete: 'new-password', required: true } as const
  return html`<section class="sheet">
    <header><h2>Another password</h2></header>
    <form class="body form" method="post" action="/account/password">
      ${csrfField(signedIn)} ${wrongWith(refused, 'password')}
      ${passwordAgain(context, { id: 'password-old', error: passwordError(refused, 'password') })}
      ${field({ ...one, id: 'new', name: 'new', label: 'The new one', hint: `At least ${passwordLengthMin} characters.`, ...(error('new') && { error: error('new')! }) })}
      ${field({ ...one, id: 'new-again', name: 'new_again', label: 'The new one again', ...(error('new_again') && { error: error('new_again')! }) })}
      <button class="may firm">Keep it, and end my other sessions</button>
    </form>
  </section>`
}

/** The codes for a lost phone, shown this once. */
export function recoveryBody(codes: string[]): Html {
  return html`<section class="read">
    <article class="answer good">
      <h3>From now on the code is asked for</h3>
      <p>
        Keep these ten where your phone is not: on paper, for example. Each lets you in once, in the place of a code,
        when the phone is lost. They are shown this once.
      </p>
      <ul class="codes code">
        ${codes.map((one) => html`<li>${one.slice(0, 6)}-${one.slice(6)}</li>`)}
      </ul>
      <div class="acts"><a class="may" href="/account">I have kept them</a></div>
    </article>
  </section>`
}
