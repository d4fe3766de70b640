import { html, raw } from 'hono/html'
import { autoModes } from '../phone.ts'
import { writeMsisdn } from '../msisdn.ts'
import { versionOf } from './live.ts'
import type { Fragment, Markup } from './live.ts'
import type { Happened, PhoneView } from './phone-view.ts'
import { screen } from './screens.ts'
import { hourAndMinute, money } from './words.ts'

/** What was refused, at which form, and what had been typed there. */
export type Refused = { form: string; sentence: string; typed: Record<string, string> }

export type Shelf = {
  phones: PhoneView[]
  /** How many there are in all, those off the shelf included. */
  count: number
  now: Date
  refused?: Refused
}

/** The page of the phones. */
export const shelf = ({ phones, count, now, refused }: Shelf): Markup => html`
  <h1 class="unseen">Phones</h1>
  <nav class="jumps" id="jumps" aria-label="To a phone">${phones.map((phone) => jump(phone).render())}</nav>
  <div class="shelf" id="shelf">${phones.map((phone) => handset(phone, now, refused).render())}</div>
  ${phones.length === 0 && html`<p class="empty">No phone is on the shelf. Add one, and ask it to pay.</p>`}
  ${
    count > phones.length &&
    html`<p class="soft small middle">
      ${count.toLocaleString('en-US')} phones are known. Here are the ${phones.length} where something happened last.
    </p>`
  }
  ${addPhone(refused)}
`

/** A phone with its caption. */
export const handset = (phone: PhoneView, now: Date, refused?: Refused): Fragment => {
  const version = versionOf(phone)
  const { msisdn, name, prompt } = phone
  const render = () =>
    html`<article
      class="hand ${prompt && 'ringing'}"
      id="phone-${msisdn}"
      data-version="${version}"
      data-into="shelf"
      data-place="append"
      data-say="${announcement(phone)}"
      tabindex="-1"
      aria-label="Phone of ${name}"
    >
      <div class="phone">${screen(phone, now)}</div>
      ${caption(phone, refused)}
    </article>`
  return { id: `phone-${msisdn}`, version, render }
}

/** A way to a phone where the shelf is wider than the window, which also tells that it rings. */
export const jump = (phone: PhoneView): Fragment => {
  const id = `jump-${phone.msisdn}`
  const version = versionOf([phone.name, status(phone)])
  const render = () =>
    html`<a
      class="chip"
      id="${id}"
      href="#phone-${phone.msisdn}"
      data-version="${version}"
      data-into="jumps"
      data-place="append"
      >${phone.name} ${phone.prompt && html`<span class="status pending">Ringing</span>`}</a
    >`
  return { id, version, render }
}

function announcement({ name, prompt, happened }: PhoneView): string {
  if (prompt) return `${name}'s phone is ringing: pay Ksh ${money(prompt.amount)} to ${prompt.organisation}?`
  return happened ? `${name}: ${words[happened.what][1]}, ${hourAndMinute(new Date(happened.at))}` : ''
}

const words: Record<Happened['what'], [look: string, words: string]> = {
  paid: ['completed', 'Paid'],
  cancelled: ['failed', 'You cancelled'],
  timed_out: ['failed', 'Timed out'],
  wrong_pin: ['failed', 'Wrong PIN'],
  not_paid: ['failed', 'Not paid'],
}

function status({ offline, prompt, happened }: PhoneView): [look: string, words: string] {
  if (offline) return ['idle', 'Switched off']
  if (prompt) return ['pending', 'Ringing']
  if (happened === null) return ['idle', 'Ready']
  const [look, said] = words[happened.what]
  return [look, `${said}, ${hourAndMinute(new Date(happened.at))}`]
}

const answerWords = new Map(
  Object.entries<string>({
    by_hand: 'by hand',
    approve: 'approves',
    cancel: 'cancels',
    wrong_pin: 'wrong PIN',
    ignore: 'ignores',
  }),
)

function caption(phone: PhoneView, refused?: Refused): Markup {
  const { msisdn, name, balance, pin, auto } = phone
  const [look, said] = status(phone)
  return html`<div class="caption">
    <div><b>${name}</b> <span class="soft number">${writeMsisdn(msisdn)}</span></div>
    <div class="small soft">
      Balance <span class="money">KSh ${money(balance)}</span> · <span class="whole">PIN ${pin}</span>
    </div>
    <div class="how">
      <span class="status ${look}">${said}</span>
      <form method="post" action="/phone/${msisdn}" data-stay>
        <label class="chip"
          >answers:
          <select id="auto-${msisdn}" name="auto" data-at-once>
            ${autoModes
              .toReversed()
              .map(
                (mode) =>
                  html`<option value="${mode ?? 'by_hand'}" ${mode === auto ? raw('selected') : ''}>
                    ${answerWords.get(mode ?? 'by_hand')}
                  </option>`,
              )}
          </select></label
        >
        <noscript><button class="may">Set</button></noscript>
      </form>
    </div>
    ${change(phone, refused?.form === msisdn ? refused : undefined)}
  </div>`
}

const change = ({ msisdn, name, balance, pin, offline }: PhoneView, refused?: Refused) =>
  html`<details id="change-${msisdn}" class="small" ${refused ? raw('open') : ''}>
    <summary class="soft">Change</summary>
    <form class="change" method="post" action="/phone/${msisdn}">
      ${refused && html`<p class="complaint" role="alert">${refused.sentence}</p>`}
      ${field('Name', { id: `name-${msisdn}`, name: 'name', value: refused?.typed.name ?? name })}
      ${field('Balance', {
        id: `balance-${msisdn}`,
        name: 'balance',
        value: refused?.typed.balance ?? String(balance),
        inputmode: 'decimal',
      })}
      ${field('PIN', {
        id: `pin-of-${msisdn}`,
        name: 'pin',
        value: refused?.typed.pin ?? pin,
        inputmode: 'numeric',
      })}
      <label class="check"
        ><input type="checkbox" id="offline-${msisdn}" name="offline" value="yes" ${offline ? raw('checked') : ''} />
        Switched off</label
      >
      <button class="may" name="change" value="all">Save</button>
    </form>
  </details>`

function addPhone(refused?: Refused): Markup {
  const mine = refused?.form === 'add' ? refused : undefined
  return html`<form class="sheet add" method="post" action="/phone" aria-label="Add a phone">
    ${field('Number', {
      id: 'add-number',
      name: 'msisdn',
      value: mine?.typed.msisdn ?? '',
      inputmode: 'tel',
      placeholder: '0712 345 678',
    })}
    ${field('Name', { id: 'add-name', name: 'name', value: mine?.typed.name ?? '', placeholder: 'Njeri Mwangi' })}
    <button class="may">Add a phone</button>
    ${mine && html`<p class="complaint" role="alert">${mine.sentence}</p>`}
  </form>`
}

type Field = { id: string; name: string; value: string; inputmode?: string; placeholder?: string }

const field = (label: string, { id, name, value, inputmode = 'text', placeholder = '' }: Field) =>
  html`<label for="${id}"
    ><span class="small soft">${label}</span>
    <span class="field"
      ><input
        id="${id}"
        name="${name}"
        value="${value}"
        inputmode="${inputmode}"
        placeholder="${placeholder}"
        autocomplete="off" /></span
  ></label>`
