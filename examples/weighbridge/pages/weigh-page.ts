import { html } from 'hono/html'
import { caseName } from '../case/case.ts'
import type { Case } from '../case/case.ts'
import type { Station } from '../case/station.ts'
import { kilograms, liveWeight, page } from './page.ts'
import type { Html } from './page.ts'
import { statusBadge } from './status.ts'

/** Where a vehicle is weighed, with the files of those that were weighed last. */
export function weighPage({ scale, limits }: Station, cases: Case[]): Html {
  return page(
    'Weigh',
    html`<div class="two">
      <div class="stack">
        ${liveWeight(scale.name)}
        <form class="sheet form" method="post" action="/weigh">
          <h1>Weigh a vehicle</h1>
          <label
            >Number plate<input
              name="plate"
              required
              maxlength="12"
              placeholder="KBA 123X"
              autocapitalize="characters"
              autocomplete="off"
          /></label>
          <label
            >Vehicle<select name="vehicle">
              ${Object.entries(limits.vehicles).map(
                ([code, { name, gross_kg }]) =>
                  html`<option value="${code}">${name}, up to ${kilograms(gross_kg)}</option>`,
              )}
            </select></label
          >
          <label>Driver<input name="name" required maxlength="80" autocomplete="off" /></label>
          <label>Identity card or passport<input name="id_number" required maxlength="20" autocomplete="off" /></label>
          <label>Phone<input name="phone" inputmode="tel" placeholder="0712 345 678" autocomplete="off" /></label>
          <button class="do">Take the weight</button>
        </form>
      </div>
      <section class="sheet">
        <h2>Weighed lately</h2>
        ${
          cases.length
            ? html`<ul class="cases">
                ${cases.map(row)}
              </ul>`
            : html`<p class="soft">Vehicles stand here once they were weighed.</p>`
        }
      </section>
    </div>`,
  )
}

const row = ({ number, first, status }: Case) =>
  html`<li>
    <a href="/cases/${number}"
      ><b>${first.plate}</b>
      <span class="soft">${caseName(number)}, ${kilograms(first.kg)}</span> ${statusBadge(status)}</a
    >
  </li>`
