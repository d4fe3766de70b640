import { placeOf } from '../../accounts/place.ts'
import { html } from 'hono/html'
import type { Account } from '../../accounts/account.ts'
import type { Event } from '../../events/event.ts'
import type { EvidenceLine } from '../../evidence/list.ts'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import type { Attempt } from '../../payments/attempts.ts'
import type { Payment } from '../../payments/payment.ts'
import type { Refund } from '../../refunds/refund.ts'
import type { AttemptAt } from '../../webhooks/attempts-at.ts'
import type { Html } from '../../web/html.ts'
import type { PageHead } from '../../web/page.ts'
import { money } from '../../web/parts/amount.ts'
import { code, facts } from '../../web/parts/facts.ts'
import type { Fact } from '../../web/parts/facts.ts'
import { table } from '../../web/parts/table.ts'
import { moment } from '../../web/parts/time.ts'
import { timeline } from '../../web/parts/timeline.ts'
import { explainReason } from '../../attention/reasons.ts'
import { ways } from '../money-in/ways.ts'
import { accountWords } from '../account-choice.ts'
import { may } from '../may.ts'
import { wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { refundForm } from '../refund-form.ts'
import { refundTable } from '../refunds/columns.ts'
import { when } from '../when.ts'
import { paymentStatus, phoneFor, reasonOf } from '../words.ts'
import { providerWords } from '../../providers/names.ts'
import { isOfCounter, storyOf } from './story.ts'

/** Everything that is shown of one payment. */
export type PaymentView = {
  signedIn: SignedIn
  payment: Payment
  account: Pick<Account, 'name' | 'provider' | 'type' | 'shortcode' | 'till'>
  evidence: EvidenceLine[]
  events: Event[]
  tellings: AttemptAt[]
  money: MoneyIn[]
  refunds: Refund[]
  attempts: Attempt[]
  refused?: Refused | undefined
  now: Date
}

/** The amount and how it is, as a heading; under it who paid for what; and what can be done. */
export function paymentHead(view: PaymentView): PageHead {
  const { signedIn, payment } = view
  const { phone, payer_phone_masked, payer_name, sent_reference, provider_receipt, status } = payment
  const who = payer_name ?? phoneFor(signedIn, phone, payer_phone_masked)
  const isPaid = status === 'completed' || status === 'reversed'
  const verb = isPaid ? 'paid for' : status === 'failed' ? 'did not pay for' : 'is to pay for'
  const said = who
    ? html`<bdi>${who}</bdi> ${verb}`
    : isPaid
      ? 'Paid for'
      : status === 'failed'
        ? 'Nobody paid for'
        : 'Nobody has paid yet for'
  return {
    back: { href: '/payments', name: 'Payments' },
    title: html`<span class="headline money"><small>KSh</small> ${formatKes(payment.amount_cents)}</span>
      ${paymentStatus(payment)}`,
    lead: html`${said}
      <b class="whole">${sent_reference}</b>${provider_receipt ? html` · ${code(provider_receipt)}` : ''}`,
    actions: html`<div class="acts">${paymentActions(view)}</div>`,
  }
}

/** What can be done with it. */
function paymentActions(view: PaymentView): Html {
  const { signedIn, payment } = view
  const id = showId('pay', payment.id)
  const isOpen = payment.provider_ref !== null && ['created', 'pending', 'failed'].includes(payment.status)
  const lacksReceipt = payment.status === 'completed' && payment.provider_receipt === null
  return html`${
    may(signedIn, 'payments:write') && (isOpen || lacksReceipt)
      ? html`<form method="post" action="/payments/${id}/check">
          ${csrfField(signedIn)}<button class="may firm" data-busy="Asking…">
            Ask ${providerWords[payment.provider]} now
          </button>
        </form>`
      : ''
  }
  ${payment.status === 'pending' || payment.status === 'created' ? html`<a class="may" href="/pay/${id}">Its checkout</a>` : ''}
  ${canRefund(view) ? html`<a class="may" href="#refund">Refund…</a>` : ''}`
}

/** The page of one payment. */
export function paymentBody(view: PaymentView): Html {
  const { signedIn, payment, evidence, tellings, refunds } = view
  return html`${wrongWith(view.refused, 'check')}${wrongWith(view.refused, 'tell')}${canRefund(view) ? '' : wrongWith(view.refused, 'refund')}${flags(view)}
    <section class="grid2">
      <div class="stack">
        <div class="sheet">
          <header><h2>What we know, and how</h2></header>
          <div class="body">${timeline(storyOf(payment, { signedIn, evidence, tellings, refunds }))}</div>
        </div>
        ${moneyPart(view)} ${refundsPart(view)}
      </div>
      <div class="stack">
        <div class="sheet">
          <header><h2>Details</h2></header>
          <div class="body">${details(view)}</div>
        </div>
        ${eventsPart(view)}
      </div>
    </section>`
}

function flags({ payment }: PaymentView): Html | '' {
  const { needs_attention } = payment
  if (!needs_attention) return ''
  return html`<article class="answer late">
    <h3>Somebody has to look at this</h3>
    ${needs_attention.map((reason) => html`<p>${explainReason(reason)}</p>`)}
    <div class="acts"><a class="may" href="/attention#${showId('pay', payment.id)}">Decide it</a></div>
  </article>`
}

/** What it was paid for, where, and the paper that there is of it. */
function belongingTo({ id, invoice_id, link_id, receipt_id, issue_at }: Payment): Fact[] {
  const way = (href: string, words: string) => html`<a href="${href}">${words}</a>`
  return [
    ['Invoice', invoice_id ? way(`/invoices/${showId('inv', invoice_id)}`, 'What it is for') : ''],
    ['Payment link', link_id ? way(`/links/${showId('lnk', link_id)}`, 'Where it was paid') : ''],
    ['Receipt', receipt_id || issue_at ? way(`/pay/${showId('pay', id)}/receipt`, 'See it') : ''],
  ]
}

function details({ signedIn, payment, account, attempts }: PaymentView): Html {
  const place = placeOf(account)
  const others = attempts.filter(({ id }) => id !== payment.id)
  const seconds =
    payment.completed_at && payment.requested_at
      ? (payment.completed_at.getTime() - payment.requested_at.getTime()) / 1000
      : undefined
  const metadata = Object.entries(payment.metadata)
  return facts([
    [
      `${providerWords[payment.provider]} code`,
      payment.provider_receipt ? code(payment.provider_receipt) : payment.status === 'completed' ? 'Not known yet' : '',
    ],
    ['Payer', payment.payer_name ?? ''],
    ['Phone', phoneFor(signedIn, payment.phone, payment.payer_phone_masked)],
    ['Reference', payment.sent_reference],
    ['Your own reference', payment.external_reference ?? ''],
    ['For', payment.description ?? ''],
    ...belongingTo(payment),
    ['Paid to', accountWords({ name: account.name, place })],
    ['Asked for', moment(payment.created_at, 'en')],
    ['Paid', payment.paid_at ? moment(payment.paid_at, 'en') : ''],
    ['Time to pay', seconds === undefined ? '' : `${Math.round(10 * seconds) / 10} s`],
    ['Why not', payment.status === 'failed' ? (whyNot(payment) ?? '') : ''],
    ['Received', payment.received_cents > 0 ? money(payment.received_cents) : ''],
    ['Gone back', payment.refunded_cents > 0 ? money(payment.refunded_cents) : ''],
    ['On its way back', payment.reserved_cents > 0 ? money(payment.reserved_cents) : ''],
    [
      others.length === 1 ? 'Other attempt' : 'Other attempts',
      others.length > 0
        ? html`${others.map(({ id, status }) => html`<a href="/payments/${showId('pay', id)}">${status === 'completed' ? 'paid' : status}</a> `)}`
        : '',
    ],
    [
      'Idempotency key',
      // Pages of ours make keys of their own, with a phone in them.
      payment.idempotency_key && payment.origin === 'api' && !isOfCounter(payment)
        ? html`<span class="small">${code(payment.idempotency_key)}</span>`
        : '',
    ],
    [
      'Metadata',
      metadata.length > 0
        ? html`<span class="small"
            >${metadata.map(([name, value]) => html`<div class="code">${name}: ${JSON.stringify(value)}</div>`)}</span
          >`
        : '',
    ],
    ['Payment', html`<span class="small">${code(showId('pay', payment.id))}</span>`],
  ])
}

function whyNot({ provider, failure_provider_code, failure_message }: Payment): string | null {
  return reasonOf(provider, { provider_code: failure_provider_code, message: failure_message })
}

function moneyPart({ money: list, now, payment }: PaymentView): Html | '' {
  if (
    list.length === 0 ||
    (list.length === 1 && list[0]!.receipt === payment.provider_receipt && list[0]!.kind === 'stk')
  )
    return ''
  return html`<div class="sheet">
    <header><h2>Its money in</h2></header>
    ${table<MoneyIn>(
      'The money that came for this payment',
      [
        { name: 'KSh', look: 'money', show: ({ amount_cents }) => html`<b>${formatKes(amount_cents)}</b>` },
        { name: 'M-Pesa code', show: ({ receipt }) => code(receipt) },
        { name: 'By', look: 'soft', show: ({ kind }) => ways[kind] },
        { name: 'From', look: 'soft', isExtra: true, show: ({ payer_name }) => payer_name ?? '' },
        {
          name: 'Paid',
          look: 'num',
          show: ({ paid_at, created_at }) => html`<span class="soft">${when(paid_at ?? created_at, now)}</span>`,
        },
      ],
      list,
    )}
  </div>`
}

/** What is left to give back, where it can be given back. */
function canRefund({ signedIn, payment }: PaymentView): boolean {
  return may(signedIn, 'refunds:write') && payment.status === 'completed' && leftOf(payment) > 0
}

function leftOf({ received_cents, refunded_cents, reserved_cents }: Payment): number {
  return received_cents - refunded_cents - reserved_cents
}

function refundsPart(view: PaymentView): Html | '' {
  const { payment, refunds, now } = view
  const action = `/payments/${showId('pay', payment.id)}/refund`
  const form = canRefund(view) ? refundForm({ ...view, action, left_cents: leftOf(payment) }) : ''
  if (refunds.length === 0 && !form) return ''
  return html`<div class="sheet" id="refund">
    <header><h2>${refunds.length > 0 ? 'Refunds' : 'Give it back'}</h2></header>
    ${refunds.length > 0 ? refundTable(refunds, now) : ''} ${form}
  </div>`
}

function eventsPart({ signedIn, events, payment, tellings }: PaymentView): Html | '' {
  if (events.length === 0) return ''
  return html`<div class="sheet">
    <header><h2>What your shop is told</h2></header>
    <ul class="body plain">
      ${events.map(({ id, type, created_at }) => {
        const last = tellings.findLast((telling) => telling.event_id === id)
        const how =
          last === undefined
            ? 'sent to nobody'
            : last.status === null
              ? (last.error ?? 'no answer')
              : `answered ${last.status}`
        return html`<li>
          <div>
            <span class="code">${type}</span>
            <div class="small soft">${moment(created_at, 'en')} · ${how}</div>
          </div>
          ${
            may(signedIn, 'webhooks:write')
              ? html`<form method="post" action="/payments/${showId('pay', payment.id)}/tell">
                  ${csrfField(signedIn)}<input type="hidden" name="event" value="${showId('evt', id)}" />
                  <button class="may" aria-label="Send again: ${type}">Send again</button>
                </form>`
              : ''
          }
        </li>`
      })}
    </ul>
  </div>`
}
