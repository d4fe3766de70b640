import { html } from 'hono/html'
import { flag } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { pathWith } from '../query.ts'
import { usualPeriods } from './period.ts'
import type { Period } from './period.ts'

/** The choice of a time: the usual ones at one press, and any other by its days. */
export function periodChoice(period: Period, now: Date): Html {
  const usual = usualPeriods(now)
  // On the first of a month that is today, too, and one of them is enough to say where one is.
  const here = usual.find(({ from, until }) => from === period.firstDay && until === period.lastDay)
  return html`<section class="bar">
    <nav class="chips" aria-label="Time">
      ${usual.map((one) => {
        const href = one.name === 'Today' ? '/' : pathWith('/', { from: one.from, until: one.until })
        return html`<a class="chip" href="${href}" ${one === here ? html`aria-current="true"` : ''}>${one.name}</a>`
      })}
    </nav>
    <details class="other-days" id="other-days" ${flag('open', !here)}>
      <summary class="small soft">Other days</summary>
      <form class="days" method="get" action="/">
        <label
          ><span class="unseen">From</span><input class="field" type="date" name="from" value="${period.firstDay}"
        /></label>
        <span class="soft" aria-hidden="true">–</span>
        <label
          ><span class="unseen">Until</span><input class="field" type="date" name="until" value="${period.lastDay}"
        /></label>
        <button class="may">Show</button>
      </form>
    </details>
  </section>`
}
