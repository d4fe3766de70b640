import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { prose } from '../web/html.ts'
import type { errorReference, ErrorSection } from './errors.ts'

/** The errors as a page to read, every one with an address of its own. */
export function errorsBody({ troubles, sections, addresses }: typeof errorReference): Html {
  return html`<div class="read">
    <div>
      <h1>Errors</h1>
      <p class="soft">What can go wrong between a shop, Lango and Safaricom, and what ends it.</p>
    </div>
    <nav class="acts" aria-label="On this page">
      <a class="chip" href="#most">Met most often</a>
      ${sections.map(({ id, title }) => html`<a class="chip" href="#${id}">${title}</a>`)}
      <a class="chip" href="#addresses">Where callbacks come from</a>
    </nav>
    <section class="sheet" id="most">
      <header><h2>Met most often</h2></header>
      <div class="body">
        <ul class="attention">
          ${troubles.map(
            ({ id, title, shows, cause, todo }) =>
              html`<li id="${id}">
                <div class="stack">
                  <h3>${title}</h3>
                  <p class="small soft">${prose(shows)}</p>
                  <p>${prose(cause)}</p>
                  <p>${prose(todo)}</p>
                </div>
              </li>`,
          )}
        </ul>
      </div>
    </section>
    ${sections.map(sectionOf)}
    <section class="sheet" id="addresses">
      <header><h2>Where callbacks come from</h2></header>
      <div class="body stack">
        <p class="soft">Safaricom posts from these addresses. Let them through; they alone are no proof.</p>
        <p class="code">${addresses.join(' ')}</p>
      </div>
    </section>
  </div>`
}

function sectionOf({ id, title, lead, entries }: ErrorSection): Html {
  return html`<section class="sheet" id="${id}">
    <header>
      <div>
        <h2>${title}</h2>
        <p class="soft">${lead}</p>
      </div>
    </header>
    <div class="body">
      <ul class="attention">
        ${entries.map(
          (entry) =>
            html`<li id="${entry.id}">
              <div>
                <div class="bits">
                  <b class="code">${entry.code}</b>
                  <span class="small soft">${entry.aside}</span>
                </div>
                <div class="small soft">${prose(entry.says)}</div>
                <div>${prose(entry.todo)}</div>
              </div>
            </li>`,
        )}
      </ul>
    </div>
  </section>`
}
