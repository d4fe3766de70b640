import { html } from 'hono/html'
import type { Html } from '../web/html.ts'
import { pathWith, without } from './query.ts'

/** A list narrowed to one status at one press. */
export function statusChoice(
  path: string,
  typed: Record<string, string>,
  options: readonly (readonly [status: string, words: string])[],
  parameter = 'status',
): Html {
  const rest = without(typed, 'status')
  return html`<nav class="chips" aria-label="Status">
    ${options.map(
      ([status, words]) =>
        html`<a
          class="chip"
          href="${pathWith(path, { ...rest, [parameter]: status })}"
          ${(typed['status'] ?? '') === status ? html`aria-current="true"` : ''}
          >${words}</a
        >`,
    )}
  </nav>`
}
