import { html } from 'hono/html'
import type { Html } from '../html.ts'
import { optionList } from './field.ts'

/** What a list is narrowed by: words to search for, choices, and what holds now, each with the address that drops it. */
export type FilterBar = {
  action: string
  /** The part of the page that the results are, so that they can be shown while one types. */
  results?: string
  /** What else the list is narrowed to, and stays so. */
  kept?: (readonly [name: string, value: string])[]
  search: { label: string; name: string; value?: string; placeholder: string }
  choices?: {
    label: string
    name: string
    value?: string
    options: readonly (readonly [value: string, words: string])[]
  }[]
  applied?: { words: string; without: string }[]
  words: { show: string; drop: string }
}

/** A search and choices above a list. It is a form that asks for the same page, so that an address names what it shows. */
export function filterBar({ action, results, kept = [], search, choices = [], applied = [], words }: FilterBar): Html {
  return html`<form
    class="filters"
    method="get"
    action="${action}"
    role="search"
    ${results ? html`data-results="${results}"` : ''}
  >
    ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <label class="field"
      ><span class="unseen">${search.label}</span
      ><input type="search" name="${search.name}" value="${search.value ?? ''}" placeholder="${search.placeholder}"
    /></label>
    ${choices.map(
      ({ label, name, value, options }) =>
        html`<select class="field" name="${name}" aria-label="${label}">
          ${optionList(options, value)}
        </select>`,
    )}
    <button class="may">${words.show}</button>
    ${
      applied.length > 0
        ? html`<p class="chips">
            ${applied.map(
              (filter) =>
                html`<a class="chip" href="${filter.without}" aria-label="${words.drop}: ${filter.words}"
                  >${filter.words}<i aria-hidden="true">×</i></a
                >`,
            )}
          </p>`
        : ''
    }
  </form>`
}
