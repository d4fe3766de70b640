import { readFileSync } from 'node:fs'
import { html, raw } from 'hono/html'
import { writeMsisdn } from '../msisdn.ts'
import { followScript } from '../pages/layout.ts'
import { versionOf } from '../pages/live.ts'
import type { Fragment, Markup } from '../pages/live.ts'
import { money } from '../pages/words.ts'
import type { World } from '../world.ts'
import { ecitizenPaybill, expectedOf, leftOf, paidOf } from './bill.ts'
import type { Bill, PromptState } from './bill.ts'
import { findClient } from './client.ts'
import { returnAddress } from './return-address.ts'

export const billStyles = readFileSync(new URL('bill-page.css', import.meta.url), 'utf8')

/** What was typed wrongly, and what was wrong with it. */
export type RefusedPrompt = { sentence: string; msisdn: string; amount: string }

/** The page at which a bill is paid, whole, as text. */
export async function billPage(world: World, bill: Bill, refused?: RefusedPrompt): Promise<string> {
  const { request_id, invoice_number } = bill
  return String(
    await html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Pay ${invoice_number}</title>
          <link rel="stylesheet" href="/checkout.css" />
        </head>
        <body data-live="/checkout/live?request_id=${request_id}" data-now="${world.clock.now().getTime()}">
          <header><b>eCitizen</b> <span>simulated: no money moves</span></header>
          <main>${billFragment(world, bill, refused).render()}</main>
          <p id="said" role="status" hidden></p>
          <script type="module">
            ${raw(followScript)}
          </script>
        </body>
      </html>`,
  )
}

/** All of the page that changes. */
export function billFragment(world: World, bill: Bill, refused?: RefusedPrompt): Fragment {
  const version = versionOf([bill, refused])
  return {
    id: 'bill',
    version,
    render: () =>
      html`<div id="bill" data-version="${version}">
        ${summary(world, bill)} ${leftOf(bill) === 0 ? receipt(bill) : ways(bill, refused)}
      </div>`,
  }
}

function summary(world: World, bill: Bill): Markup {
  const rows: [name: string, value: string][] = [
    ['Bill', bill.invoice_number],
    ['Reference', bill.reference],
    ['Payer', bill.payer.name],
    ['Amount', `${bill.currency} ${money(bill.net)}`],
    ['Convenience fee', `${bill.currency} ${money(bill.commission)}`],
    ['Total', `${bill.currency} ${money(expectedOf(bill))}`],
  ]
  if (bill.payments.length > 0) rows.push(['Paid so far', `${bill.currency} ${money(paidOf(bill))}`])
  return html`<section>
    <h1>${bill.description || 'Payment'}</h1>
    <p class="soft">to ${findClient(world, bill.api_client_id)?.name}</p>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </section>`
}

function receipt(bill: Bill): Markup {
  const back = returnAddress(bill, 'success')
  return html`<section class="done" role="status">
    <h2>Payment received</h2>
    <ul>
      ${bill.payments.map(
        ({ receipt: code, amount }) => html`<li>${code} <span>${bill.currency} ${money(amount)}</span></li>`,
      )}
    </ul>
    ${back && html`<a class="do" href="${back}">Complete</a>`}
  </section>`
}

function ways(bill: Bill, refused?: RefusedPrompt): Markup {
  const left = leftOf(bill)
  const isRinging = bill.prompt?.state === 'ringing'
  return html`${told(bill)}
    <section>
      <h2>M-PESA, by a prompt on the phone</h2>
      <form method="post" action="/checkout?request_id=${bill.request_id}" data-stay>
        <label for="msisdn"
          >Phone
          <input
            id="msisdn"
            name="msisdn"
            inputmode="tel"
            autocomplete="tel"
            required
            value="${refused?.msisdn ?? (bill.payer.msisdn && writeMsisdn(bill.payer.msisdn))}"
        /></label>
        <label for="amount"
          >Amount, all of it or a part
          <input id="amount" name="amount" inputmode="decimal" required value="${refused?.amount ?? left.toFixed(2)}"
        /></label>
        ${refused && html`<p class="wrong" role="alert">${refused.sentence}</p>`}
        <button class="do" ${isRinging ? raw('disabled') : ''}>Send the prompt</button>
      </form>
    </section>
    <section>
      <h2>M-PESA, from the SIM menu</h2>
      <p>
        Lipa na M-PESA, Pay Bill, business no. <b>${ecitizenPaybill}</b>, account no. <b>${bill.invoice_number}</b>,
        amount <b>${money(left)}</b>.
      </p>
    </section>
    ${leave(bill)}`
}

const ends: Record<Exclude<PromptState, 'paid'>, string> = {
  ringing: 'Check the phone and enter the M-PESA PIN. This page changes by itself.',
  cancelled: 'The prompt was cancelled. Nothing was paid.',
  timed_out: 'The prompt was not answered in time. Nothing was paid.',
  not_reached: 'The phone is busy with another prompt. Try again in a minute.',
  wrong_pin: 'The PIN was wrong. Nothing was paid.',
  not_enough: 'M-PESA did not allow the payment. Nothing was paid.',
}

/** What became of the latest prompt, where that is no payment. */
function told({ prompt }: Bill): Markup | '' {
  if (prompt === null || prompt.state === 'paid') return ''
  return html`<p class="told ${prompt.state === 'ringing' ? 'ringing' : 'wrong'}" role="status">
    ${ends[prompt.state]}
  </p>`
}

/** The ways back to the merchant without having paid. */
function leave(bill: Bill): Markup | '' {
  const way = bill.prompt?.state === 'timed_out' ? 'timeout' : 'failure'
  const back = returnAddress(bill, way) ?? returnAddress(bill, 'failure')
  return back === undefined ? '' : html`<p class="leave"><a href="${back}">Leave without paying</a></p>`
}
