import { html } from 'hono/html'
import { showId } from '../../id.ts'
import { formatKes } from '../../money.ts'
import type { MoneyIn } from '../../money-in/money-in.ts'
import type { Payment } from '../../payments/payment.ts'
import { layout } from '../../web/layout.ts'
import { mark } from '../../web/mark.ts'
import type { Html } from '../../web/html.ts'
import { showMoney, sum } from '../../web/parts/amount.ts'
import { code as codeText } from '../../web/parts/facts.ts'
import { field, picks } from '../../web/parts/field.ts'
import { showPhone } from '../../web/parts/phone.ts'
import { ring } from '../../web/parts/ring.ts'
import { status, testBadge } from '../../web/parts/status.ts'
import { ago } from '../../web/parts/time.ts'
import { toast } from '../../web/parts/toast.ts'
import { deskScriptUrl } from '../../web/script.ts'
import type { NamedAccount } from '../accounts.ts'
import { doneWords } from '../done.ts'
import type { Done } from '../done.ts'
import { accountChoice } from '../account-choice.ts'
import { fieldOf, wrongWith } from '../form.ts'
import type { Refused } from '../form.ts'
import { badgeOf, may } from '../may.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { failureWords } from '../words.ts'
import { codeAnswer } from './code-part.ts'
import { maskedOf } from './masked.ts'
import type { Came, CodeAnswer } from './counter.ts'

/** What the counter shows. */
export type CounterView = {
  signedIn: SignedIn
  accounts: NamedAccount[]
  /** Those of them into which a phone is asked to pay. */
  askable: NamedAccount[]
  asks: Payment[]
  came: Came[]
  /** What was searched for. */
  find: string
  /** The money that is being taken, and what it could be for. */
  taking?: { money: MoneyIn; meant: Payment[] } | undefined
  code: string
  answer?: CodeAnswer | undefined
  refused?: Refused | undefined
  done?: Done | undefined
  now: Date
}

/** The page of the counter, for a phone held in one hand. `live` is where its changes are told. */
export function counterPage(view: CounterView, live: string): Html {
  const { signedIn, done, refused } = view
  const badge = badgeOf(signedIn)
  return layout({
    language: 'en',
    title: `Counter · ${signedIn.merchant.name} · Lango`,
    head: html`<script type="module" src="${deskScriptUrl}"></script>`,
    body: html`<main class="counter" id="counter" ${refused ? '' : html`data-live="${live}"`}>
        <div class="bar top-bar">
          <div class="who">
            ${mark}
            <div>
              <b>${signedIn.merchant.name}</b>
              <div class="small soft">Counter · ${signedIn.user.name}</div>
            </div>
          </div>
          <div class="acts">${badge ? testBadge(badge) : ''} ${wayOut(signedIn)}</div>
        </div>
        <section class="sheet ask" id="ask">
          <header><h1>Ask a phone to pay</h1></header>
          ${askForm(view)} ${asksPart(view)}
        </section>
        <section class="sheet now" id="now">
          <header>
            <h2>Just now</h2>
            <span class="small soft">by prompt, paybill or till</span>
          </header>
          ${findForm(view)} ${camePart(view)}
        </section>
        <section class="sheet code-check" id="check">
          <header><h2>Check a code</h2></header>
          <div class="body stack">${checkForm(view)} ${answerPart(view)}</div>
        </section>
      </main>
      <nav class="jump" aria-label="On this page">
        <a href="#ask">Ask</a><a href="#now">Just now</a><a href="#check">Check a code</a>
      </nav>
      ${done ? toast({ look: 'good', words: doneWords[done] }) : ''}`,
  })
}

function wayOut(signedIn: SignedIn): Html {
  return may(signedIn, 'totals:read')
    ? html`<a class="may" href="/">Overview</a>`
    : html`<form method="post" action="/sign-out">${csrfField(signedIn)}<button class="may">Sign out</button></form>`
}

/** The parts of the page that change while one looks. */
export function liveParts(view: CounterView): Html {
  return html`${asksPart(view)}${camePart(view)}${answerPart(view)}`
}

function askForm({ signedIn, askable, refused }: CounterView): Html {
  if (askable.length === 0 && refused?.form !== 'ask')
    return html`<p class="body soft">
      There is no account with M-Pesa for this yet. An owner adds one under <b>Keys & accounts</b>.
    </p>`
  return html`<form class="body form" method="post" action="/cashier/ask">
    ${csrfField(signedIn)} ${wrongWith(refused, 'ask')}
    ${field({ id: 'amount', name: 'amount', label: 'How much', look: 'big', before: 'KSh', inputMode: 'decimal', ...fieldOf(refused, 'ask', 'amount') })}
    ${field({ id: 'phone', name: 'phone', label: 'Customer’s M-PESA phone', type: 'tel', placeholder: '0712 345 678', ...fieldOf(refused, 'ask', 'phone') })}
    ${field({ id: 'what', name: 'what', label: 'For what, if you like', maxLength: 60, placeholder: 'ORD-8812 or bread and milk', ...fieldOf(refused, 'ask', 'what') })}
    ${accountChoice(askable, { label: 'Into', ...fieldOf(refused, 'ask', 'account') })}
    <button class="do" data-busy="Asking…">Ask for it</button>
  </form>`
}

function asksPart({ signedIn, asks, now }: CounterView): Html {
  return html`<ul class="asks" id="asks" data-part aria-live="polite">
    ${asks.map((payment) => html`<li>${asked(payment, signedIn, now)}</li>`)}
  </ul>`
}

function asked(payment: Payment, signedIn: SignedIn, now: Date): Html {
  const phone = payment.phone ? showPhone(payment.phone) : ''
  const about = html`<span class="money">${showMoney(payment.amount_cents)}</span> · asked
    ${ago(payment.created_at, now, 'en')}`
  if (payment.status === 'completed')
    return html`${ring('tick', 'good')}
      <div>
        <b>${phone} paid</b>
        <div class="small soft">
          ${about}${payment.provider_receipt ? html` · ${codeText(payment.provider_receipt)}` : ''}
        </div>
      </div>`
  if (payment.status !== 'failed')
    return html`${ring('phone', 'rings')}
      <div>
        <b>Ringing ${phone}…</b>
        <div class="small soft">${about}<br />They enter their PIN on their own phone.</div>
      </div>`
  return html`<div>
      ${status('failed', failureWords(payment.failure_code))}
      <div class="small soft">${about} · ${phone}</div>
    </div>
    <form method="post" action="/cashier/ask">
      ${csrfField(signedIn)}
      <input type="hidden" name="amount" value="${formatKes(payment.amount_cents).replaceAll(',', '')}" />
      <input type="hidden" name="phone" value="${payment.phone ?? ''}" />
      <input type="hidden" name="again" value="${showId('pay', payment.id)}" />
      <button class="may">Ask again</button>
    </form>`
}

function findForm({ find }: CounterView): Html {
  return html`<form class="find" method="get" action="/cashier" data-results="came" role="search">
    <label class="field"
      ><span class="unseen">Search money that came in</span
      ><input type="search" id="find" name="find" value="${find}" placeholder="Phone, amount, name or code"
    /></label>
    <noscript><button class="may">Search</button></noscript>
  </form>`
}

const newMs = 60_000

function camePart(view: CounterView): Html {
  const { came, find, now } = view
  return html`<div id="came" data-part>
    ${view.taking ? '' : wrongWith(view.refused, 'take')}
    ${
      came.length === 0
        ? html`<p class="body soft">
            ${find ? 'Nothing that came fits that.' : 'Money that comes is here within a second, whichever way it came.'}
          </p>`
        : html`<ul class="came">
            ${came.map((one) => {
              const isNew = now.getTime() - one.money.created_at.getTime() < newMs
              return html`<li class="${isNew ? 'new' : ''}" id="came-${one.money.receipt}">${line(one, view)}</li>`
            })}
          </ul>`
    }
  </div>`
}

function line({ money, payment }: Came, view: CounterView): Html {
  const { accounts, now, taking, find } = view
  const isFree = !money.payment_id && !money.reversed_at && money.reserved_cents === 0
  const isTaking = taking?.money.receipt === money.receipt
  const way =
    money.kind === 'stk'
      ? 'prompt'
      : (accounts.find(({ id }) => id === showId('acc', money.provider_account_id))?.place ?? 'paybill or till')
  const open = `/cashier?${new URLSearchParams({ ...(find && { find }), take: money.receipt })}#came-${money.receipt}`
  return html`${sum(money.amount_cents)}
    <div class="from">
      <span><bdi>${nameOf(money)}</bdi></span>
      <span class="small soft"
        ><i>· </i>${[money.payer_name ? maskedOf(money) : '', way, wrote(money)].filter(Boolean).join(', ')}</span
      >
    </div>
    ${codeText(money.receipt)}
    <span class="at">${ago(money.created_at, now, 'en')}</span>
    <div class="for">
      ${
        payment
          ? (payment.description ?? payment.sent_reference)
          : isFree
            ? money.match_at && money.match_at > now
              ? html`<span class="small soft">Looking for its payment…</span>`
              : isTaking
                ? ''
                : html`<a class="may firm" href="${open}">This is theirs</a>`
            : status('reversed', money.reversed_at ? 'Went back' : 'Going back')
      }
    </div>
    ${isTaking ? takeForm(view) : ''}`
}

function wrote({ kind, reference, payment_id }: MoneyIn): string {
  return kind === 'c2b' && reference && !payment_id ? `wrote “${reference}”` : ''
}

/** From whom money came, as far as a counter in sight of everybody should say. */
export function nameOf(money: Pick<MoneyIn, 'payer_name' | 'phone' | 'phone_masked'>): string {
  return money.payer_name ?? (maskedOf(money) || 'Somebody')
}

function takeForm({ signedIn, taking, refused, now }: CounterView): Html {
  const { money, meant } = taking!
  const options = meant.map((payment) => ({
    value: showId('pay', payment.id),
    words: payment.sent_reference,
    beside: showMoney(payment.amount_cents),
    under: html`${payment.description ? `${payment.description} · ` : ''}asked ${ago(payment.created_at, now, 'en')}`,
  }))
  return html`<form class="unfold form" method="post" action="/cashier/take#came-${money.receipt}">
    ${csrfField(signedIn)}<input type="hidden" name="receipt" value="${money.receipt}" />
    <h3>What did ${money.payer_name ?? 'they'} pay for?</h3>
    ${wrongWith(refused, 'take')}
    ${options.length > 0 ? picks('What they paid for', 'payment', { options, chosen: refused?.typed['payment'] ?? options[0]!.value }) : ''}
    ${field({
      id: 'take-what',
      name: 'what',
      label: options.length > 0 ? 'Or write what it is' : 'Write what it is',
      maxLength: 60,
      placeholder: 'ORD-8812, or bread and milk',
      ...fieldOf(refused, 'take', 'what'),
    })}
    <div class="acts"><button class="do">This is theirs</button><a class="may" href="/cashier#now">Not now</a></div>
  </form>`
}

function checkForm({ signedIn, code, refused }: CounterView): Html {
  return html`<form class="form check-form" method="post" action="/cashier/check#check">
    ${csrfField(signedIn)} ${wrongWith(refused, 'check')}
    ${field({ id: 'code', name: 'code', label: 'The code in their SMS', look: 'code', maxLength: 400, ...fieldOf(refused, 'check', 'code', code) })}
    <button class="do" data-busy="Looking…">Check</button>
  </form>`
}

function answerPart(view: CounterView): Html {
  const { answer, code, now, signedIn } = view
  return html`<div id="answer" data-part aria-live="assertive">
    ${answer ? codeAnswer({ answer, code, now, signedIn }) : ''}
  </div>`
}
