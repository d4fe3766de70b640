import { html } from 'hono/html'
import type { Html } from '../../web/html.ts'
import { sum } from '../../web/parts/amount.ts'
import { answer as answerBox } from '../../web/parts/answer.ts'
import { code as codeText } from '../../web/parts/facts.ts'
import { ago } from '../../web/parts/time.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { when } from '../when.ts'
import type { Came, CodeAnswer } from './counter.ts'
import { maskedOf } from './masked.ts'

type Shown = { answer: CodeAnswer; code: string; now: Date; signedIn: SignedIn }

/** What a code turns out to be: a colour, a sentence, and one thing to do. Where there is no money there is no amount. */
export function codeAnswer({ answer, code, now, signedIn }: Shown): Html {
  switch (answer.kind) {
    case 'free':
      return answerBox({
        look: 'good',
        title: 'Paid, and free to use',
        body: html`${about(answer.came, now)}`,
        action: html`<a class="do" href="/cashier?${new URLSearchParams({ find: code, take: code })}#came-${code}"
          >This is theirs</a
        >`,
      })
    case 'used':
      return answerBox({
        look: 'late',
        title: 'Already used',
        body: html`${used(answer, now)}${about(answer.came, now)}`,
      })
    case 'returned':
      return answerBox({
        look: 'bad',
        title: 'This money went back',
        body: html`<b>Do not hand over goods for it.</b>${about(answer.came, now)}`,
      })
    case 'asked':
      return answerBox({
        look: 'late',
        title: 'Asking M-Pesa…',
        body: html`<span class="small soft"
            >It is not here yet. M-Pesa says within seconds whether it knows ${codeText(code)}.</span
          >
          <noscript><a class="may" href="">Look again</a></noscript>`,
      })
    case 'unaskable':
      return answerBox({
        look: 'bad',
        title: 'This code has not arrived here.',
        body: html`<b>Do not hand over goods yet.</b
          ><span class="small soft">${answer.because}</span>${codeText(code)}`,
      })
    case 'unknown':
      return answerBox({
        look: 'bad',
        title: 'M-Pesa does not know this code.',
        body: html`<b>Do not hand over goods yet.</b>
          <span class="small soft"
            >Read it again letter by letter: O and 0, I and 1 look alike. A real SMS comes from MPESA, never from a
            number.</span
          >${codeText(code)}`,
        action: html`<form method="post" action="/cashier/check#check">
          ${csrfField(signedIn)}<input type="hidden" name="code" value="${code}" /><button class="may">
            Ask M-Pesa again
          </button>
        </form>`,
      })
  }
}

function about({ money }: Came, now: Date): Html {
  const phone = maskedOf(money)
  return html`${sum(money.amount_cents)}
    <div>
      ${money.payer_name ? html`<bdi>${money.payer_name}</bdi>` : ''}${money.payer_name && phone ? ' · ' : ''}${phone}
      <div class="small soft">
        ${when(money.paid_at ?? money.created_at, now)}, ${ago(money.paid_at ?? money.created_at, now, 'en')}
      </div>
    </div>
    ${codeText(money.receipt)}`
}

function used({ came: { payment }, by }: Extract<CodeAnswer, { kind: 'used' }>, now: Date): Html {
  const what = payment?.description ?? payment?.sent_reference ?? 'something else'
  const at = payment?.completed_at
  return html`<div>
    For <b>${what}</b>
    ${at ? html`<div class="small soft">${when(at, now)}${by ? `, by ${by}` : ''}</div>` : ''}
  </div>`
}
