import { html } from 'hono/html'
import type { LogEntry } from '../log.ts'
import { writeMsisdn } from '../msisdn.ts'
import type { World } from '../world.ts'
import type { Fragment, Markup } from './live.ts'
import { aboutEntry } from './about.ts'
import type { About } from './about.ts'
import { inWords, money, toTheSecond } from './words.ts'

/** Which lines to show; an empty text shows all. */
export type Filter = { api: string; msisdn: string }

/** A storm writes more than anybody reads: the page keeps the newest lines, and the control API has the rest. */
export const rowCountMax = 200

/** The newest lines of the log that pass, oldest first, as a page that puts each new one on top wants them. */
export function logRows(world: World, filter: Filter): Fragment[] {
  const { entries } = world.log
  const rows: Fragment[] = []
  for (let index = entries.length - 1; index >= 0 && rows.length < rowCountMax; index--) {
    const entry = entries[index]
    if (entry !== undefined && passes(entry, filter)) rows.push(row(world, entry, index))
  }
  return rows.toReversed()
}

const passes = ({ api, msisdn }: LogEntry, filter: Filter) =>
  (filter.api === '' || api === filter.api) && (filter.msisdn === '' || msisdn === filter.msisdn)

function row(world: World, entry: LogEntry, index: number): Fragment {
  const held = world.held.get(entry.id)
  // An entry changes only by being held, sent, answered or dropped.
  const version = `${entry.at} ${entry.state} ${entry.status} ${held === undefined ? '' : 'held'}`
  return {
    id: entry.id,
    version,
    render: () => rowMarkup(entry, { version, heldUntil: held?.until, about: aboutEntry(world.log.entries, index) }),
  }
}

type Row = { version: string; heldUntil: Date | undefined; about: About }

const rowMarkup = (entry: LogEntry, { version, heldUntil, about }: Row): Markup => {
  const { id, at, direction, api, method, url, body, answer, warnings } = entry
  const [look, words] = status(entry, heldUntil)
  return html`<li class="entry ${direction}" id="${id}" data-version="${version}" data-into="log" data-place="prepend">
    <details id="fold-${id}">
      <summary>
        <time datetime="${at}">${toTheSecond(new Date(at))}</time>
        <span class="way-${direction}">${direction === 'in' ? '→ in' : '← out'}</span>
        <b>${api ?? 'no such API'}</b>
        <span class="about">${aboutMarkup(entry, about)}</span>
        <span class="status ${look}">${words}</span>
      </summary>
      <p class="code small">${method} ${url}</p>
      ${warnings.map((warning) => html`<p class="small warning">${warning}</p>`)} ${fold('Sent', body)}
      ${fold('Answered', answer)}
    </details>
    ${direction === 'out' && actions(id, heldUntil !== undefined)}
  </li>`
}

/** The amount, the phone and the reference, and under them what came of it and what was made to go wrong. */
const aboutMarkup = ({ msisdn, fault, warnings }: LogEntry, { amount, reference, why }: About) => {
  const what = [
    amount !== null && html`<span class="money">KSh ${money(amount)}</span>`,
    msisdn !== null && html`<span class="number">${writeMsisdn(msisdn)}</span>`,
    reference !== null && html`<span class="number">${reference}</span>`,
  ].filter(Boolean)
  const told = [
    why !== null && html`<span>${why}</span>`,
    fault !== null && html`<span class="faulty">${inWords(fault).replaceAll(',', ', ')}</span>`,
    warnings.length > 0 &&
      html`<span class="warning">${warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}</span>`,
  ].filter(Boolean)
  return html`${what}${told.length > 0 && html`<span class="why">${told}</span>`}`
}

const fold = (title: string, body: unknown) =>
  body !== null &&
  html`<p class="small soft">${title}</p>
    <pre>${typeof body === 'string' ? body : JSON.stringify(body, null, 2)}</pre>`

/** The buttons belong to the one form around the log, which also says how late *late* is. */
const actions = (id: string, isHeld: boolean) =>
  html`<p class="acts">
    <button class="may" formaction="/faults/log/${id}/again">Send again</button>
    <button class="may" formaction="/faults/log/${id}/late">Send late</button>
    ${isHeld && html`<button class="may" formaction="/faults/log/${id}/drop">Drop</button>`}
  </p>`

function status({ state, status: code, direction }: LogEntry, heldUntil: Date | undefined): [string, string] {
  if (heldUntil !== undefined) return ['pending', `Held until ${toTheSecond(heldUntil)}`]
  switch (state) {
    case 'waiting':
      return ['pending', 'Waiting']
    case 'dropped':
      return ['reversed', 'Dropped']
    case 'failed':
      return ['failed', direction === 'in' ? 'Cut off' : 'No answer']
    case 'done':
      return [code !== null && code < 400 ? 'completed' : 'failed', String(code)]
  }
}
