import { html, raw } from 'hono/html'
import type { Markup } from './live.ts'
import type { Menu, Step } from './menu.ts'
import type { Happened, PhoneView } from './phone-view.ts'
import { dayInWords, hourAndMinute, money, toTheSecond } from './words.ts'

/** What is behind the glass of a phone: clock, messages, and above them a prompt or the SIM menu. */
export function screen(phone: PhoneView, now: Date): Markup {
  if (phone.offline) return html`<div class="screen off"><p>Switched off</p></div>`
  return html`<div class="screen">
    <div class="top"><span>Safaricom (simulated)</span><span data-clock>${hourAndMinute(now)}</span></div>
    <div class="time" data-clock aria-hidden="true">${hourAndMinute(now)}</div>
    <div class="day" data-day>${dayInWords(now)}</div>
    ${messageList(phone, now)} ${dock(phone)}
    ${phone.prompt ? prompt(phone, phone.prompt) : phone.menu.screen === 'closed' ? '' : menu(phone, phone.menu)}
  </div>`
}

const cards: Partial<Record<Happened['what'], string>> = {
  cancelled: 'You cancelled. Nothing was paid.',
  timed_out: 'Time is up. You did not answer, and nothing was paid.',
}

/** The SMS, newest first, and among them what the phone itself had to say. */
function messageList({ name, messages, happened }: PhoneView, now: Date): Markup {
  const own = happened && cards[happened.what]
  const cardsShown = messages.map(({ at, text }) => ({ at, text, from: 'MPESA' }))
  if (own) cardsShown.unshift({ at: happened.at, text: own, from: 'SIM Toolkit' })
  const inOrder = cardsShown.toSorted((a, b) => b.at.localeCompare(a.at))
  if (inOrder.length === 0) return html`<p class="quiet">No messages. M-PESA writes here after a payment.</p>`
  return html`<ul class="messages" tabindex="0" aria-label="Messages of ${name}, newest first">
    ${inOrder.map(
      ({ at, text, from }) =>
        html`<li>
          <b><span>${from}</span><time datetime="${at}">${whenShort(new Date(at), now)}</time></b
          >${text}
        </li>`,
    )}
  </ul>`
}

const whenShort = (at: Date, now: Date) =>
  dayInWords(at) === dayInWords(now) ? hourAndMinute(at) : `${dayInWords(at).split(' ').slice(1).join(' ')}`

const dock = ({ msisdn, name }: PhoneView) =>
  html`<form class="dock" method="post" action="/phone/${msisdn}/menu" data-stay>
    <button name="key" value="open" aria-label="SIM menu of ${name}: M-PESA">M-PESA</button>
  </form>`

const prompt = ({ msisdn, name }: PhoneView, asked: NonNullable<PhoneView['prompt']>) =>
  html`<div class="dim">
    <div class="stk" role="dialog" aria-label="M-PESA asks ${name}">
      <form id="cancel-${asked.id}" method="post" action="/phone/${msisdn}/answer" data-stay hidden>
        <input type="hidden" name="prompt" value="${asked.id}" />
      </form>
      <form method="post" action="/phone/${msisdn}/answer" data-stay>
        <input type="hidden" name="prompt" value="${asked.id}" />
        <label for="pin-${asked.id}">
          Do you want to pay <b>Ksh&nbsp;${money(asked.amount)}</b> to <b>${asked.organisation}</b>${
            asked.reference === null ? '?' : html` account no. <span class="whole"><b>${asked.reference}</b>?</span>`
          }<br />Enter M-PESA PIN
        </label>
        ${pinField(`pin-${asked.id}`, 'pin')}
        <p class="acts">
          <button form="cancel-${asked.id}" name="cancel" value="yes">Cancel</button><button>Send</button>
        </p>
      </form>
      <p class="left">
        <i data-opened="${asked.opened_at}" style="animation-duration: ${lifeMs(asked)}ms" hidden></i>
        Answer before ${toTheSecond(new Date(asked.expires_at))}
      </p>
    </div>
  </div>`

const lifeMs = ({ opened_at, expires_at }: NonNullable<PhoneView['prompt']>) =>
  Date.parse(expires_at) - Date.parse(opened_at)

/** One screen of the SIM menu. */
function menu({ msisdn, name }: PhoneView, at: Exclude<Menu, { screen: 'closed' }>): Markup {
  return html`<div class="dim">
    <form
      class="stk"
      role="dialog"
      aria-label="SIM menu of ${name}"
      method="post"
      action="/phone/${msisdn}/menu"
      data-stay
    >
      ${menuScreen(msisdn, at)}
    </form>
  </div>`
}

function menuScreen(msisdn: string, at: Exclude<Menu, { screen: 'closed' }>): Markup {
  switch (at.screen) {
    case 'mpesa':
      return list('M-PESA', [['lipa', 'Lipa na M-PESA']])
    case 'lipa':
      return list('Lipa na M-PESA', [
        ['paybill', 'Pay Bill'],
        ['till', 'Buy Goods and Services'],
      ])
    case 'ask':
      return question(msisdn, at)
    case 'sending':
      return html`<p role="status">Sending…</p>
        <p class="acts"><button name="key" value="close">Hide</button></p>`
  }
}

const list = (title: string, items: [key: string, name: string][]) =>
  html`<b>${title}</b>
    <ul class="items">
      ${items.map(
        ([key, name], index) =>
          html`<li>
            <button name="key" value="${key}" ${index === 0 ? raw('data-focus') : ''}>${index + 1}. ${name}</button>
          </li>`,
      )}
    </ul>
    <p class="acts"><button name="key" value="close">Cancel</button><button name="key" value="back">Back</button></p>`

function question(msisdn: string, { step, entered, complaint }: Extract<Menu, { screen: 'ask' }>): Markup {
  const id = `ask-${msisdn}-${step}`
  // The first button of a form is the one that Enter presses, so an unseen one comes before Back.
  return html`<input type="hidden" name="step" value="${step}" />
    <button class="unseen" name="key" value="enter" tabindex="-1" aria-hidden="true">OK</button>
    <label for="${id}">${questionAbout(step, entered)}</label>
    ${step === 'pin' ? pinField(id, 'text') : textField(id, step, entered)}
    ${complaint && html`<p class="complaint" role="alert">${complaint}</p>`}
    <p class="acts">
      <button name="key" value="close" formnovalidate>Cancel</button>
      <button name="key" value="back" formnovalidate>Back</button>
      <button name="key" value="enter">${step === 'pin' ? 'Send' : 'OK'}</button>
    </p>`
}

function questionAbout(step: Step, { way, shortcode, reference, amount }: Extract<Menu, { screen: 'ask' }>['entered']) {
  switch (step) {
    case 'shortcode':
      return way === 'till' ? 'Enter till no.' : 'Enter business no.'
    case 'reference':
      return 'Enter account no.'
    case 'amount':
      return 'Enter amount'
    case 'pin':
      return html`Pay <b>Ksh&nbsp;${money(Number(amount))}</b> to <b>${shortcode}</b>${
          way === 'till' ? '?' : html` account no. <span class="whole"><b>${reference}</b>?</span>`
        }<br />Enter M-PESA PIN`
  }
}

const textField = (id: string, step: Exclude<Step, 'pin'>, entered: Extract<Menu, { screen: 'ask' }>['entered']) =>
  html`<input
    id="${id}"
    name="text"
    value="${entered[step]}"
    inputmode="${step === 'reference' ? 'text' : 'numeric'}"
    maxlength="20"
    autocomplete="off"
    data-focus
  />`

/** Digits stay in the field until they are sent; nothing waits for the network while they are typed. */
const pinField = (id: string, name: string) =>
  html`<input
    class="pin"
    id="${id}"
    name="${name}"
    type="password"
    inputmode="numeric"
    pattern="[0-9]{4}"
    maxlength="4"
    required
    title="Four digits"
    autocomplete="one-time-code"
    data-focus
  />`
