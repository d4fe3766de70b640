import { html } from 'hono/html'
import { caseName } from '../case/case.ts'
import type { Case } from '../case/case.ts'
import type { Station } from '../case/station.ts'
import { liveWeight, page, shillings } from './page.ts'
import type { Html } from './page.ts'
import { statusBadge } from './status.ts'
import { tell } from './tell.ts'

/** A case file as a timeline, beside what is to be done next. It changes by itself. */
export function casePage({ scale, limits }: Station, file: Case): Html {
  const { number, first, entries, status } = file
  return page(
    `${first.plate} ${caseName(number)}`,
    html`<div class="two" data-case="${number}" data-entries="${entries.length}">
      <section class="sheet stack">
        <p class="soft small">
          ${caseName(number)} · ${limits.vehicles[first.vehicle]?.name ?? first.vehicle} · ${first.driver.name}
        </p>
        <h1 class="plate">${first.plate} ${statusBadge(status)}</h1>
        <ol class="line">
          ${entries.map(line)}
        </ol>
      </section>
      <div class="stack">${next(file)}${liveWeight(scale.name)}</div>
    </div>`,
  )
}

function line(entry: Case['entries'][number]): Html {
  const { mark, title, detail } = tell(entry)
  return html`<li class="${mark}">
    <b>${title}</b>
    <time class="soft small" datetime="${entry.at}">${clockTime(entry.at)}</time
    >${detail ? html`<div>${detail}</div>` : ''}
  </li>`
}

/** The one thing that is to be done. */
function next({ number, first, status, charged, partPaid, settling, memo }: Case): Html {
  if (status === 'overloaded') return sheet('The invoice is on its way', 'It comes as soon as Lango is reached.')
  if (status === 'passed' || status === 'released') return sheet('Nothing is left to do', 'The vehicle may go.')
  if (memo)
    return html`<form class="sheet form" method="post" action="/cases/${number}/reweigh">
      <h2>Weigh again</h2>
      <p class="soft">Memo ${memo.number} permits it. Within the limits, the vehicle is released.</p>
      <button class="do">Weigh again</button>
    </form>`
  const { name, id_number } = first.driver
  return html`<form class="sheet form" method="post" action="/cases/${number}/settle">
    <h2>To be paid</h2>
    <p class="amount"><b>${shillings(partPaid?.due ?? charged!.amount)}</b></p>
    ${settling ? html`<p class="soft">A bill stands open at eCitizen. It is the same one, however often it is opened.</p>` : ''}
    <label>Made out to<input name="name" value="${name}" required maxlength="80" /></label>
    <label>Identity card or passport<input name="id_number" value="${id_number}" required maxlength="20" /></label>
    <button class="do">Settle by eCitizen</button>
    <p class="small"><a href="${charged!.url}">The invoice, with other ways to pay it</a></p>
  </form>`
}

const sheet = (title: string, text: string) =>
  html`<section class="sheet">
    <h2>${title}</h2>
    <p class="soft">${text}</p>
  </section>`

const clockTime = (at: string) =>
  new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Africa/Nairobi', hour: '2-digit', minute: '2-digit' })
