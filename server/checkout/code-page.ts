import { html } from 'hono/html'
import type { ClaimAnswer } from '../money-in/claim.ts'
import { prose } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { showMoney } from '../web/parts/amount.ts'
import { field } from './field.ts'
import type { Bill } from './checkout.ts'
import { isUnderWay } from './code.ts'
import type { Named } from './code.ts'
import { sheet } from './sheet.ts'

/** *I have paid*: a code to look for, and what is known of it. With `amount` the payer says how much it was as well. */
export function codePage(
  bill: Bill,
  { typed, answer, wrong, amount }: Named,
  { hasAmount = true, isBill = false } = {},
): Html {
  const { merchant, say, path, query } = bill
  const body = html`<h1>${say('have_paid')}</h1>
    ${answer && answer !== 'settled' ? found(bill, typed, answer) : ''}
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
      ${amount ? howMuch(bill, amount) : ''}
      <button class="${isUnderWay(answer) ? 'may' : 'do'}">${say('code_send')}</button>
    </form>
    <p class="asides"><a href="${path}${query}">${say('code_back')}</a></p>`
  const title = `${say('have_paid')} · ${merchant}`
  return sheet(bill, { title, label: hasAmount ? say(isBill ? 'left_to_pay' : 'to_pay') : '', body, hasAmount })
}

function howMuch({ say }: Bill, { typed, seen, wrong }: NonNullable<Named['amount']>): Html {
  const how = { inputmode: 'numeric', autocomplete: 'off', maxlength: '20', placeholder: '' }
  return html`<input type="hidden" name="seen" value="${seen}" />
    ${field({ name: 'amount', label: say('how_much'), value: typed, ...how }, wrong && say(wrong))}`
}

function found({ say, merchant, amount_cents }: Bill, code: string, answer: Exclude<ClaimAnswer, 'settled'>): Html {
  const isBad = ['taken', 'reversed', 'too_many', 'other_amount'].includes(answer)
  const values = { code, merchant, amount: showMoney(amount_cents) }
  return html`<div class="answer ${isBad ? 'bad' : ''}" role="status">
    <h2>${prose(say(`code_${answer}`, values))}</h2>
    <p>${prose(say(`code_${answer}_advice`, values))}</p>
  </div>`
}
