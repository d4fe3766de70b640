import { html } from 'hono/html'
import type { ClaimAnswer } from '../money-in/claim.ts'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import type { Checkout } from './checkout.ts'
import { isUnderWay } from './code.ts'
import type { Named } from './code.ts'
import { sheet } from './sheet.ts'

/** *I have paid*: a code to look for, and what is known of it. */
export function codePage(checkout: Checkout, { typed, answer, wrong }: Named): Html {
  const { merchant, say, path, query } = checkout
  const body = html`<h1>${say('have_paid')}</h1>
    ${answer && answer !== 'settled' ? found(checkout, typed, answer) : ''}
    <form method="post" action="${path}/code${query}">
      <label
        ><span class="small soft">${prose(say('code_label'))}</span>
        <span class="field ${wrong ? 'bad' : ''}"
          ><input
            class="code"
            id="code"
            name="code"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            maxlength="400"
            value="${typed}"
            aria-describedby="code-hint${wrong ? ' wrong' : ''}"
            ${wrong ? html`aria-invalid="true" autofocus` : ''}
        /></span>
        ${wrong ? html`<span class="wrong" id="wrong" role="alert">${prose(say(wrong))}</span>` : ''}
      </label>
      <p class="small soft" id="code-hint">${prose(say('code_hint'))}</p>
      <button class="${isUnderWay(answer) ? 'may' : 'do'}">${say('code_send')}</button>
    </form>
    <p class="asides"><a href="${path}${query}">${say('code_back')}</a></p>`
  return sheet(checkout, { title: `${say('have_paid')} · ${merchant}`, label: say('to_pay'), body })
}

function found({ say, merchant, amount_cents }: Checkout, code: string, answer: Exclude<ClaimAnswer, 'settled'>): Html {
  const isBad = ['taken', 'reversed', 'too_many', 'other_amount'].includes(answer)
  const values = { code, merchant, amount: showMoney(amount_cents) }
  return html`<div class="answer ${isBad ? 'bad' : ''}" role="status">
    <h2>${prose(say(`code_${answer}`, values))}</h2>
    <p>${prose(say(`code_${answer}_advice`, values))}</p>
  </div>`
}
