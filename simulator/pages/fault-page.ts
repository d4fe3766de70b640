import { html } from 'hono/html'
import { apiNames } from '../api-names.ts'
import type { Fragment, Markup } from './live.ts'
import { rowCountMax } from './log-rows.ts'
import type { Filter } from './log-rows.ts'
import { faultWords, named, ruleForm, ruleList, select } from './rules.ts'
import type { Plan, RefusedRule } from './rules.ts'

export type FaultPage = {
  plan: Plan
  /** Oldest first. */
  rows: Fragment[]
  filter: Filter
  origin: string
  refused?: RefusedRule
}

/** The page of the faults, and of the log that shows what they do. */
export const faultPage = ({ plan, rows, filter, origin, refused }: FaultPage): Markup => html`
  <div class="wide">
    <section class="sheet">
      <header><h1>Faults</h1></header>
      <div class="body stack">${ruleForm(refused)} ${ruleList(plan).render()} ${faultWords()}</div>
    </section>

    <section class="sheet log">
      <header class="bar">
        <h2>Requests and callbacks</h2>
        <form class="inline" method="get" action="/faults" aria-label="Filter">
          <label class="unseen" for="only-api">API</label>
          ${select('only-api', [['', 'every API'], ...named(apiNames)], filter.api)}
          <label class="unseen" for="only-phone">Phone</label>
          <span class="field"
            ><input
              id="only-phone"
              name="only-phone"
              inputmode="tel"
              placeholder="every phone"
              autocomplete="off"
              value="${filter.msisdn}"
          /></span>
          <button class="may">Show</button>
        </form>
      </header>
      <form method="post" action="/faults" data-stay>
        <!-- The first button of a form is the one that Enter presses: here none. -->
        <button class="unseen" disabled>None</button>
        <p class="late small soft">
          <label for="late_seconds">Send late means after</label>
          <input id="late_seconds" name="late_seconds" type="number" min="0" step="any" value="30" required /> s
        </p>
        <ol class="entries" id="log" aria-label="Newest first">
          ${rows.toReversed().map(({ render }) => render())}
        </ol>
        <p class="empty">
          ${
            filter.api === '' && filter.msisdn === ''
              ? html`Nothing yet. Set the base URL of a Daraja client to <b class="code">${origin}</b>, and what it asks
                  stands here.`
              : 'Nothing of this kind yet.'
          }
        </p>
      </form>
      <p class="small soft foot">
        The newest ${rowCountMax} lines stay here. <a href="/_/log">The whole log</a> has the older ones too.
      </p>
    </section>

    <details class="small">
      <summary class="soft">Forget everything</summary>
      <form class="inline" method="post" action="/faults/reset">
        <p>Phones, money, log, faults and settings go back to how they were at the start.</p>
        <button class="may">Forget everything</button>
      </form>
    </details>
  </div>
`
