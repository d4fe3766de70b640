import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { field } from '../web/parts/field.ts'
import type { Field } from '../web/parts/field.ts'
import { filterBar } from '../web/parts/filter-bar.ts'
import type { Listed } from './listed.ts'
import { pathWith, without } from './query.ts'

/** What a list is searched and narrowed by. `names` are what else its address may hold, in words. */
export type ListFilters = {
  path: string
  /** The part of the page that the rows are. */
  results: string
  search: { label: string; placeholder: string }
  choices: { label: string; name: string; options: readonly (readonly [value: string, words: string])[] }[]
  names?: Record<string, string>
}

/** The search of a list and its choices; and what else it is narrowed to, each with the address that drops it. */
export function listFilters(
  { typed }: Pick<Listed<unknown>, 'typed'>,
  { path, results, search, choices, names = {} }: ListFilters,
): Html {
  const value = (name: string) => typed[name] ?? ''
  const given = Object.keys(names).filter(value)
  return filterBar({
    action: path,
    results,
    search: { ...search, name: 'search', value: value('search') },
    choices: choices.map((choice) => ({ ...choice, value: value(choice.name) })),
    kept: given.map((name) => [name, value(name)]),
    applied: given.map((name) => ({
      words: `${names[name]}: ${value(name)}`,
      without: pathWith(path, without(typed, name)),
    })),
    words: { show: 'Show', drop: 'Drop' },
  })
}

/** How the address of a list narrows it by day and amount, in words. */
export const dayAndAmountWords = {
  since: 'Since',
  until: 'Until',
  min_amount: 'At least KSh',
  max_amount: 'At most KSh',
}

/** A field by which a list is seldom narrowed. */
export type SeldomField = Pick<Field, 'name' | 'label' | 'type' | 'placeholder'>

/** Filters that one seldom needs, folded away until one of them cannot be read. `kept` are those of the search above, which stay. */
export function moreFilters(
  { typed, wrong }: Pick<Listed<unknown>, 'typed' | 'wrong'>,
  { path, summary, kept, fields }: { path: string; summary: string; kept: string[]; fields: SeldomField[] },
): Html {
  return html`<details class="more" id="more-filters" ${Object.keys(wrong).length > 0 ? 'open' : ''}>
    <summary class="small soft">${summary}</summary>
    <form class="form cols" method="get" action="${path}">
      ${kept.map((name) => (typed[name] ? html`<input type="hidden" name="${name}" value="${typed[name]}" />` : ''))}
      ${fields.map((one) =>
        field({
          ...one,
          id: `filter-${one.name}`,
          value: typed[one.name] ?? '',
          ...(wrong[one.name] && { error: wrong[one.name]! }),
        }),
      )}
      <div class="acts"><button class="may firm">Show these</button></div>
    </form>
  </details>`
}
