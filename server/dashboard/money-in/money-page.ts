import { html } from 'hono/html'
import { explainReason } from '../../attention/reasons.ts'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import type { Payment } from '../../payments/payment.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { Html } from '../../web/html.ts'
import { money as shillings, showMoney } from '../../web/parts/amount.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { picks } from '../../web/parts/field.ts'
import { ago, moment } from '../../web/parts/time.ts'
import type { PageHead } from '../../web/page.ts'
import { accountWords } from '../account-choice.ts'
import type { NamedAccount } from '../accounts.ts'
import { may } from '../may.ts'
import { wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { failureWords, phoneFor } from '../words.ts'
import { refundForm } from '../refund-form.ts'
import { refundTable } from '../refunds/columns.ts'
import { when } from '../when.ts'
import { moneyStatus, payerOf } from './list-page.ts'
import { ways } from './ways.ts'

/** Everything that is shown of one receipt. */
export type MoneyView = {
  signedIn: SignedIn
  money: MoneyIn
  account?: NamedAccount | undefined
  /** The payments that it could be meant for: those that its matching names first, then those that were searched for. */
  candidates: Payment[]
  searched: string
  refunds: Refund[]
  /** Who gave it to its payment, where a person did. */
  given?: { by: string; at: Date } | undefined
  refused?: Refused | undefined
  now: Date
}

const path = ({ receipt }: Pick<MoneyIn, 'receipt'>) => `/money-in/${receipt}`

/** The amount, whose it is, and from whom. */
export function moneyHead({ signedIn, money }: MoneyView): PageHead {
  return {
    back: { href: '/money-in', name: 'Money in' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(money.amount_cents)}</span>
      ${moneyStatus(money)}`,
    lead: html`${payerOf(signedIn, money)} paid${money.reference ? html` and wrote “${money.reference}”` : ''} ·
    ${code(money.receipt)}`,
  }
}

/** The page of one receipt. */
export function moneyBody(view: MoneyView): Html {
  const { money, refunds, now } = view
  return html`${wrongWith(view.refused, 'gone')}
    <section class="grid2">
      <div class="stack">
        ${money.payment_id ? belongs(view) : assignPart(view)} ${sendBackPart(view)}
        ${
          refunds.length > 0
            ? html`<div class="sheet">
                <header><h2>Refunds</h2></header>
                ${refundTable(refunds, now)}
              </div>`
            : ''
        }
      </div>
      <div class="sheet">
        <header><h2>Details</h2></header>
        <div class="body">${details(view)}</div>
      </div>
    </section>`
}

function belongs({ money, given, now }: MoneyView): Html {
  return html`<article class="answer good">
    <h3>It has its payment</h3>
    ${given ? html`<p>${given.by} gave it to its payment, ${ago(given.at, now, 'en')}.</p>` : ''}
    <div class="acts"><a class="may" href="/payments/${showId('pay', money.payment_id!)}">See the payment</a></div>
  </article>`
}

function details({ signedIn, money, account }: MoneyView): Html {
  const phone = phoneFor(signedIn, money.phone, money.phone_masked)
  return facts([
    ['M-Pesa code', code(money.receipt)],
    ['From', money.payer_name ?? ''],
    ['Phone', phone],
    ['Wrote', money.reference ?? ''],
    ['Came by', ways[money.kind]],
    ['To', account ? accountWords(account) : ''],
    ['Paid', moment(money.paid_at ?? money.created_at, 'en')],
    ['Heard of', moment(money.created_at, 'en')],
    ['Went back', money.reversed_cents > 0 ? shillings(money.reversed_cents) : ''],
    ['On its way back', money.reserved_cents > 0 ? shillings(money.reserved_cents) : ''],
    ['Why it is nobody’s', !money.payment_id && money.unmatched_because ? explainReason(money.unmatched_because) : ''],
  ])
}

/** What is left to be given to a payment, or sent back. */
function leftOf({ amount_cents, reversed_cents, reserved_cents }: MoneyIn): number {
  return amount_cents - reversed_cents - reserved_cents
}

function assignPart(view: MoneyView): Html | '' {
  const { signedIn, money, candidates, searched, refused, now } = view
  if (!may(signedIn, 'payments:write') || money.reversed_at || money.reserved_cents > 0) return ''
  const options = candidates.map((payment) => ({
    value: showId('pay', payment.id),
    words: payment.sent_reference,
    beside: showMoney(payment.amount_cents),
    under: html`${whoOf(signedIn, payment)}asked ${when(payment.created_at, now)} ·
    ${payment.status === 'failed' ? failureWords(payment.failure_code) : payment.status === 'completed' ? 'paid, code not known' : 'waiting'}`,
  }))
  return html`<div class="sheet" id="assign">
    <header><h2>Whose is it?</h2></header>
    <div class="body stack">
      <form class="filters" method="get" action="${path(money)}" role="search">
        <label class="field"
          ><span class="unseen">Search payments of ${showMoney(money.amount_cents)}</span
          ><input type="search" name="find" value="${searched}" placeholder="Reference, phone or name"
        /></label>
        <button class="may">Search</button>
      </form>
      ${
        options.length > 0
          ? html`<form class="form" method="post" action="${path(money)}/assign#assign">
              ${csrfField(signedIn)} ${wrongWith(refused, 'assign')}
              ${picks(`Which payment of ${showMoney(money.amount_cents)} is it?`, 'payment', { options, chosen: refused?.typed['payment'] ?? options[0]!.value })}
              <div class="acts"><button class="do">Give it to this payment</button></div>
            </form>`
          : html`${wrongWith(refused, 'assign')}
              <p class="soft">
                ${searched ? 'No open payment of this very amount fits that.' : 'No open payment of this very amount was made lately.'}
                The amounts must agree.
              </p>`
      }
    </div>
  </div>`
}

/** Who is asked, where that is known. */
function whoOf(signedIn: SignedIn, { payer_name, phone, payer_phone_masked }: Payment): Html | '' {
  const who = payer_name ?? phoneFor(signedIn, phone, payer_phone_masked)
  return who ? html`<bdi>${who}</bdi> · ` : ''
}

function sendBackPart({ signedIn, money, refused }: MoneyView): Html | '' {
  const left = leftOf(money)
  if (!may(signedIn, 'refunds:write') || money.payment_id || left <= 0 || money.match_at) return ''
  return html`<div class="sheet" id="refund">
    <header><h2>Or send it back</h2></header>
    ${refundForm({ signedIn, action: `${path(money)}/refund`, left_cents: left, refused })}
  </div>`
}
