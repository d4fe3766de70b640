import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { dueOf } from '../../invoices/invoice.ts'
import type { Invoice } from '../../invoices/invoice.ts'
import { formatKes } from '../../money.ts'
import type { OutsidePayment } from '../../outside/outside-payment.ts'
import type { NameOf } from '../../people/names.ts'
import { prose } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { showMoney } from '../../web/parts/amount.ts'
import { code, facts } from '../../web/parts/facts.ts'
import { choice, field, textField } from '../../web/parts/field.ts'
import { status } from '../../web/parts/status.ts'
import { moment } from '../../web/parts/time.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { shownDay } from './list-page.ts'

/** Where else the reference of one was named. */
export type NamedBeside = { invoice_id: string; invoice_reference: string; amount_cents: number; status: string }

/** What the page of an invoice shows of what was paid for it elsewhere. */
export type OutsideView = {
  signedIn: SignedIn
  invoice: Invoice
  outside: (OutsidePayment & { beside: NamedBeside[] })[]
  nameOf: NameOf
  /** Where the password is asked for again: an invoice is paid by this, and no money is seen. */
  password: (id: string) => Html | ''
  refused?: Refused | undefined
  now: Date
}

const methodWords = [
  ['cash', 'Cash, at a counter'],
  ['bank', 'Bank'],
  ['cheque', 'Cheque'],
  ['ecitizen', 'eCitizen, under another reference'],
  ['other', 'Some other way'],
] as const satisfies readonly (readonly [OutsidePayment['method'], string])[]

const wordsFor = (method: OutsidePayment['method']) => methodWords.find(([value]) => value === method)![1]

const states = {
  awaiting_approval: ['pending', 'A second look'],
  approved: ['completed', 'Agreed'],
  rejected: ['idle', 'Rejected'],
  withdrawn: ['reversed', 'Withdrawn'],
} as const

/** What people say was paid elsewhere and waits for a second person. */
export function secondLooks(view: OutsideView): Html {
  return html`${view.outside.filter(isWaiting).map((one) => secondLook(one, view))}`
}

const isWaiting = ({ status }: OutsidePayment) => status === 'awaiting_approval'

/** What was decided of what was paid elsewhere, and the form by which somebody records more of it. */
export function outsidePart(view: OutsideView): Html | '' {
  const decided = view.outside.filter((one) => !isWaiting(one))
  const form = recordForm(view)
  if (decided.length === 0 && form === '') return ''
  return html`<div class="sheet" id="elsewhere">
    <header><h2>Paid elsewhere</h2></header>
    ${
      decided.length > 0
        ? html`<ul class="body plain">
            ${decided.map((one) => decidedItem(one, view))}
          </ul>`
        : ''
    }
    ${form}
  </div>`
}

function secondLook(one: OutsideView['outside'][number], view: OutsideView): Html {
  const { signedIn, nameOf, refused } = view
  const isOwn = one.person === `user:${showId('usr', signedIn.user.id)}`
  const action = `/outside-payments/${showId('out', one.id)}`
  const isHere = refused?.typed['outside'] === showId('out', one.id)
  const here = isHere ? refused : undefined
  return html`<article class="answer late" id="${showId('out', one.id)}">
    <h3>${isOwn ? 'Another of you must agree' : 'It waits for your second look'}</h3>
    <p>
      ${showMoney(one.amount_cents)} was paid elsewhere,
      ${isOwn ? 'as you recorded' : `says ${nameOf(one.created_by)}`}. Lango cannot see that, and nothing is paid by it
      before a second person agrees.
    </p>
    ${said(one)} ${besideWords(one)} ${wrongWith(here, 'approve')} ${wrongWith(here, 'reject')}
    ${decisionForms({ action, isOwn, here, id: showId('out', one.id) }, view)}
  </article>`
}

type Decision = { action: string; id: string; isOwn: boolean; here: Refused | undefined }

function decisionForms({ action, id, isOwn, here }: Decision, { signedIn, password }: OutsideView): Html | '' {
  if (!may(signedIn, 'invoices:write')) return ''
  const mayAgree = !isOwn && may(signedIn, 'reconciliation:write')
  return html`<div class="cols">
    ${
      mayAgree
        ? html`<form method="post" action="${action}/approve" class="form">
            ${csrfField(signedIn)}<input type="hidden" name="outside" value="${id}" /> ${password(`${id}-password`)}
            <div class="acts"><button class="do">I agree: it was paid</button></div>
          </form>`
        : ''
    }
    <form method="post" action="${action}/reject" class="form">
      ${csrfField(signedIn)}<input type="hidden" name="outside" value="${id}" />
      ${field({ id: `${id}-reason`, name: 'reason', label: isOwn ? 'Why it is taken back' : 'Why it is rejected', maxLength: 1000, ...fieldOf(here, 'reject', 'reason') })}
      <div class="acts"><button class="may">${isOwn ? 'Take it back' : 'Reject it'}</button></div>
    </form>
  </div>`
}

function said({ method, alternate_reference, paid_on, notes, created_at }: OutsidePayment): Html {
  return facts([
    ['Where', wordsFor(method)],
    ['Reference there', code(alternate_reference)],
    ['Paid on', paid_on ? shownDay(paid_on) : ''],
    ['Notes', html`<span class="breaks">${notes}</span>`],
    ['Recorded', moment(created_at, 'en')],
  ])
}

function besideWords({ beside }: OutsideView['outside'][number]): Html | '' {
  if (beside.length === 0) return ''
  return html`<p class="wrong">
    The same reference was named for
    ${beside.map(
      ({ invoice_id, invoice_reference, amount_cents }, index) =>
        html`${index > 0 ? ', ' : ''}<a href="/invoices/${showId('inv', invoice_id)}">${invoice_reference}</a>
          (${showMoney(amount_cents)})`,
    )}.
    See that the slip is large enough for all.
  </p>`
}

function decidedItem(one: OutsideView['outside'][number], view: OutsideView): Html {
  const [tone, words] = states[one.status]
  const id = showId('out', one.id)
  return html`<li id="${id}">
    <div>
      <b class="money">${showMoney(one.amount_cents)}</b> ${status(tone, words)}
      <div class="small">${wordsFor(one.method)} · ${code(one.alternate_reference)}</div>
      <div class="small breaks">${prose(`“${one.notes}”`)}</div>
      <div class="small soft">${whoSaid(one, view)}</div>
      ${one.status === 'approved' ? withdrawForm(id, view) : ''}
    </div>
  </li>`
}

function whoSaid(one: OutsidePayment, { nameOf }: OutsideView): string {
  const recorded = `Recorded by ${nameOf(one.created_by)}`
  const by = one.decided_by ? nameOf(one.decided_by) : ''
  if (one.status === 'rejected')
    return `${recorded}, rejected by ${by}${one.decision_notes ? `: “${one.decision_notes}”` : ''}`
  if (one.status === 'withdrawn')
    return `${recorded}, agreed by ${by}, withdrawn by ${nameOf(one.withdrawn_by ?? '')}: “${one.withdrawal_notes}”`
  return `${recorded}, agreed by ${by}`
}

function withdrawForm(id: string, { signedIn, password, refused }: OutsideView): Html | '' {
  if (!may(signedIn, 'invoices:write') || !may(signedIn, 'reconciliation:write')) return ''
  const here = refused?.typed['outside'] === id ? refused : undefined
  return html`<details class="sure" ${here?.form === 'withdraw' ? 'open' : ''}>
    <summary class="may">It was not paid after all…</summary>
    <form class="unfold form" method="post" action="/outside-payments/${id}/withdraw">
      ${csrfField(signedIn)}<input type="hidden" name="outside" value="${id}" />
      ${wrongWith(here, 'withdraw')}
      ${textField({ id: `${id}-notes`, name: 'notes', label: 'What happened', hint: 'The invoice owes it again.', ...fieldOf(here, 'withdraw', 'notes') })}
      ${password(`${id}-password`)}
      <div class="acts"><button class="do">Withdraw it</button></div>
    </form>
  </details>`
}

function recordForm({ signedIn, invoice, refused }: OutsideView): Html | '' {
  const due = dueOf(invoice)
  if (due === 0 || !may(signedIn, 'invoices:write')) return ''
  const of = (name: string, otherwise = '') => fieldOf(refused, 'outside', name, otherwise)
  return html`<details class="sure body" ${refused?.form === 'outside' ? 'open' : ''}>
    <summary class="may">Record what was paid…</summary>
    <form class="form" method="post" action="/invoices/${showId('inv', invoice.id)}/outside-payments#elsewhere">
      ${csrfField(signedIn)}
      <p class="small soft">
        At a counter, by bank, at eCitizen under another reference: where Lango cannot see it. It counts when another of
        you agrees, and is never shown as M-Pesa’s or eCitizen’s money.
      </p>
      ${wrongWith(refused, 'outside')}
      <div class="cols">
        ${field({
          id: 'outside-amount',
          name: 'amount',
          label: 'How much',
          before: 'KSh',
          inputMode: 'decimal',
          ...of('amount', formatKes(due, 'short').replaceAll(',', '')),
        })}
        ${choice({ id: 'outside-method', name: 'method', label: 'Where', options: methodWords, ...of('method') })}
        ${field({
          id: 'outside-reference',
          name: 'alternate_reference',
          label: 'Reference there',
          maxLength: 80,
          placeholder: 'Number of the slip or receipt',
          required: true,
          ...of('alternate_reference'),
        })}
        ${field({ id: 'outside-day', name: 'paid_on', label: 'Paid on', type: 'date', ...of('paid_on') })}
      </div>
      ${textField({
        id: 'outside-notes',
        name: 'notes',
        label: 'Notes for the second person',
        hint: 'Who saw what, and where the paper is. Kept under your name.',
        required: true,
        ...of('notes'),
      })}
      <div class="acts"><button class="do">Record it</button></div>
    </form>
  </details>`
}
