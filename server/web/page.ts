import { html } from 'hono/html'
import type { Html, Shown } from './html.ts'
import type { Language } from './language.ts'
import { layout } from './layout.ts'
import { deskScriptUrl } from './script.ts'
import { mark } from './mark.ts'
import { testBadge } from './parts/status.ts'

/** A place that one can go to. `count` is how much waits there. */
export type Place = { href: string; name: string; count?: number; isHere?: boolean }

/** The places of the desk: the first few are at hand on a phone, the others under *More*. Each group may have a name. */
export type Nav = { label: string; more: string; first: Place[]; groups?: { name?: string; places: Place[] }[] }

/** What a page is about, where it lies, and what can be done there. */
export type PageHead = { title: Shown; lead?: Shown; back?: Pick<Place, 'href' | 'name'>; actions?: Html }

/** A page of the desk: where one is, what it is about, what can be done with it, and what there is to see. */
export type Page = {
  language: Language
  title: string
  nav: Nav
  /** The business, and who works here. */
  under: Shown[]
  /** What else stands at the foot of the places: a switch, a way out. */
  foot?: Html
  /** The words of the badge, where this is no real money. */
  badge?: string
  /** Without one, the body begins with it: a heading that changes with the page. */
  head?: PageHead
  body: Html
  words: { skip: string }
}

/** A page of the desk, whole. */
export function page({ language, title, nav, under, foot, badge, head, body, words }: Page): Html {
  return layout({
    language,
    title: `${title} · Lango`,
    head: html`<script type="module" src="${deskScriptUrl}"></script>`,
    body: html`<a class="skip" href="#main">${words.skip}</a>
      <div class="house">
        <div class="side">
          ${brand('/')}
          <nav aria-label="${nav.label}">${placeList(nav)}</nav>
          <div class="foot small soft">${footOf({ under, foot })}</div>
        </div>
        <main class="main" id="main">${head ? pageHead(head, badge) : ''} ${body}</main>
        ${dock(nav, footOf({ under, foot }))}
      </div>`,
  })
}

/** The heading of a page of the desk. */
export function pageHead({ title, lead, back, actions }: PageHead, badge?: string): Html {
  return html`<header class="head">
    ${back ? html`<a class="back small soft" href="${back.href}">${back.name}</a>` : ''}
    <h1>${title}</h1>
    ${badge ? html`<div class="real">${testBadge(badge)}</div>` : ''}
    ${lead ? html`<p class="lead soft">${lead}</p>` : ''} ${actions ? html`<div class="acts">${actions}</div>` : ''}
  </header>`
}

/** The mark and the name, as a way to the first page. */
export function brand(href: string): Html {
  return html`<a class="brand" href="${href}">${mark} Lango</a>`
}

function footOf({ under, foot }: Pick<Page, 'under' | 'foot'>): Html {
  return html`${under.map((line) => html`<div>${line}</div>`)} ${foot ?? ''}`
}

function placeList({ first, groups = [] }: Nav): Html {
  return html`<ul class="places">
    ${first.map(place)}
    ${groups.map(
      ({ name, places: list }) => html`${name ? html`<li class="label">${name}</li>` : ''}${list.map(place)}`,
    )}
  </ul>`
}

/** The same places for a thumb, at the foot of a narrow screen. */
function dock({ label, more, first, groups = [] }: Nav, foot: Html): Html {
  const others = groups.flatMap((group) => group.places)
  return html`<nav class="dock places" aria-label="${label}">
    <ul>
      ${first.map(place)}
    </ul>
    ${
      others.length > 0
        ? html`<details>
            <summary>${more}</summary>
            <ul>
              ${others.map(place)}
              <li class="small soft">${foot}</li>
            </ul>
          </details>`
        : ''
    }
  </nav>`
}

function place({ href, name, count, isHere }: Place): Html {
  return html`<li>
    <a href="${href}" ${isHere ? html`aria-current="page"` : ''}
      >${name}${count ? html` <span class="count">${count}</span>` : ''}</a
    >
  </li>`
}

/** A page to read, outside of the desk: where one is, and one column. */
export type ReadingPage = { title: string; places: Place[]; here?: string; head?: Html; body: Html }

/** A page to read, whole. */
export function readingPage({ title, places, here, head, body }: ReadingPage): Html {
  return layout({
    language: 'en',
    title,
    head,
    body: html`<header class="top">
        ${brand('/')}
        <nav aria-label="Lango">
          ${places.map(
            ({ href, name }) => html`<a href="${href}" ${href === here ? html`aria-current="page"` : ''}>${name}</a>`,
          )}
        </nav>
      </header>
      <main class="paper">${body}</main>`,
  })
}
