import { html } from 'hono/html'
import type { Item } from '../../attention/item.ts'
import { shownIdOf } from '../../attention/item.ts'
import { formatKes } from '../../money.ts'
import type { Payment } from '../../payments/payment.ts'
import { prose } from '../../web/html.ts'
import type { Html, Shown } from '../../web/html.ts'
import { showMoney } from '../../web/parts/amount.ts'
import { bars } from '../../web/parts/plot.ts'
import { table } from '../../web/parts/table.ts'
import { tellItem } from '../attention/sentence.ts'
import { latestColumns } from '../payments/columns.ts'
import type { SignedIn } from '../signed-in.ts'
import { counted, failureWords } from '../words.ts'
import { beforeName, course, courseName } from './course.ts'
import type { Asked, Figures } from './figures.ts'
import type { Period } from './period.ts'

/** What the overview shows. */
export type Overview = {
  signedIn: SignedIn
  period: Period
  figures: Figures
  /** What needs somebody, the newest few, and the latest payments. */
  needed: Item[]
  latest: Payment[]
  now: Date
}

/** How a time is, at a glance: how much, how well, why not, and what needs somebody. */
export function overviewBody({ signedIn, period, figures, needed, latest, now }: Overview): Html {
  return html`<section class="grid4">${stats(figures, period)}</section>
    <section class="grid2">
      <div class="sheet">
        <header>
          <h2>${courseName(period)}</h2>
          <span class="small soft">KSh, ${beforeName(period)} dashed</span>
        </header>
        <div class="body">${course(figures, period, now)}</div>
      </div>
      <div class="sheet">${reasons(figures)}</div>
    </section>
    <section class="grid2">
      <div class="sheet">
        <header>
          <h2>Latest</h2>
          <a class="small" href="/payments">All payments</a>
        </header>
        ${
          latest.length > 0
            ? table('The latest payments', latestColumns(signedIn, now), latest)
            : html`<p class="body soft">No payment yet.</p>`
        }
      </div>
      <div class="sheet">
        <header>
          <h2>Needs attention</h2>
          ${needed.length > 0 ? html`<a class="small" href="/attention">All of it</a>` : ''}
        </header>
        <div class="body">${needs(needed)}</div>
      </div>
    </section>`
}

function stats({ collected, before_cents, asked, askedBefore }: Figures, period: Period): Html {
  const than = beforeName(period)
  return html`${stat('Collected', html`<small>KSh</small>${formatKes(collected.cents, 'short')}`, [
    change(collected.cents, before_cents, than),
    collected.returned_cents > 0
      ? html`<div class="small soft">${showMoney(collected.returned_cents)} of it went back</div>`
      : '',
  ])}
  ${stat('Times paid', collected.count.toLocaleString('en-KE'), [
    html`<div class="small soft">
      ${asked.waiting > 0 ? `${counted(asked.waiting, 'phone')} asked, still open` : 'Nobody is being waited for'}
    </div>`,
  ])}
  ${stat('Paid when asked', shareOf(asked) === undefined ? '–' : `${percent(shareOf(asked)!)} %`, [points(asked, askedBefore, than)])}
  ${stat('Time to pay', asked.half_seconds === null ? '–' : duration(asked.half_seconds), [
    html`<div class="small soft">
      ${asked.most_seconds === null ? 'when a phone was asked' : `half of payers; 95 %: ${duration(asked.most_seconds).replace(' ', '\u00a0')}`}
    </div>`,
  ])}`
}

function stat(name: string, value: Shown, under: Shown[]): Html {
  return html`<div class="sheet stat">
    <div class="soft small">${name}</div>
    <div class="value money">${value}</div>
    ${under}
  </div>`
}

function change(cents: number, before: number, than: string): Html {
  if (before === 0)
    return html`<div class="small soft">
      ${cents === 0 ? 'Nothing yet' : `Nothing ${than.includes('days') ? 'in ' : ''}${than}`}
    </div>`
  const share = Math.round((100 * (cents - before)) / before)
  return html`<div class="small ${share < 0 ? 'down' : 'up'}">${signed(share)} % on ${than}</div>`
}

function points(asked: Asked, before: Asked, than: string): Html {
  const [now, then] = [shareOf(asked), shareOf(before)]
  if (now === undefined)
    return html`<div class="small soft">${asked.waiting > 0 ? 'None has answered yet' : 'No phone was asked'}</div>`
  if (then === undefined)
    return html`<div class="small soft">${asked.paid} of ${counted(asked.asked - asked.waiting, 'prompt')}</div>`
  const difference = Math.round(10 * (100 * now - 100 * then)) / 10
  return html`<div class="small ${difference < 0 ? 'down' : 'up'}">${signed(difference)} points on ${than}</div>`
}

/** The share that was paid, of those that are decided; undefined where none is. */
function shareOf({ asked, paid, waiting }: Asked): number | undefined {
  return asked > waiting ? paid / (asked - waiting) : undefined
}

function percent(share: number): string {
  return String(Math.round(1000 * share) / 10)
}

function signed(value: number): string {
  return value < 0 ? `−${Math.abs(value)}` : `+${value}`
}

function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(10 * seconds) / 10} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}

function reasons({ failures, asked }: Figures): Html {
  const count = failures.reduce((sum, failure) => sum + failure.count, 0)
  const list = failures.slice(0, 7).map((failure) => ({ name: failureWords(failure.code), count: failure.count }))
  return html`<header>
      <h2>
        ${count > 0 ? `Why ${count.toLocaleString('en-KE')} did not pay` : asked.paid > 0 ? 'Everybody who answered paid' : 'Why somebody did not pay'}
      </h2>
    </header>
    <div class="body">
      ${count > 0 ? bars(list) : html`<p class="soft">When somebody cancels, has no money, or cannot be reached, it is counted here.</p>`}
    </div>`
}

function needs(items: Item[]): Html {
  if (items.length === 0)
    return html`<p class="soft">Nothing needs you. What does not agree will wait here until one of you decides.</p>`
  return html`<ul class="attention">
    ${items.map((item) => {
      const { state, sentence } = tellItem(item)
      return html`<li>
        <div>
          <b class="money">${item.amount_cents === null ? state : showMoney(item.amount_cents)}</b>
          <div class="small soft">${prose(sentence)}</div>
        </div>
        <a class="may" href="/attention#${shownIdOf(item)}">See</a>
      </li>`
    })}
  </ul>`
}
