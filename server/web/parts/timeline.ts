import { html } from 'hono/html'
import { flag, prose } from '../html.ts'
import type { Html, Shown } from '../html.ts'
import { clockTime, showDay } from './time.ts'

/** One thing that was learnt, and how. */
export type Step = {
  /** `good` settled it, `late` still waits, `bad` contradicts; what only informs has none. */
  look?: '' | 'good' | 'late' | 'bad'
  what: string
  how?: Shown
  at: Date
  beside?: Shown
  /** What came, exactly as it came; folded away. */
  raw?: { title: string; text: string; isOpen?: boolean }
}

/** What is known, in the order in which it was learnt; each day is named where it begins. */
export function timeline(steps: Step[]): Html {
  const days = steps.map(({ at }) => showDay(at, 'en'))
  return html`<ol class="line">
    ${steps.map(
      ({ look = '', what, how, at, beside, raw }, index) =>
        html`<li class="${look}">
          <b>${what}</b> ${how ? html`<span class="soft">${typeof how === 'string' ? prose(how) : how}</span>` : ''}
          <div class="small soft">
            ${days[index] === days[index - 1] ? '' : `${days[index]}, `}${clockTime(at, 'precise')}${beside ? html` · ${beside}` : ''}
          </div>
          ${raw ? rawBody(raw) : ''}
        </li>`,
    )}
  </ol>`
}

/** A body as it came, to fold out. */
export function rawBody({ title, text, isOpen = false }: NonNullable<Step['raw']>): Html {
  return html`<details ${flag('open', isOpen)}>
    <summary class="small soft">${title}</summary>
    <pre class="raw" tabindex="0">${text}</pre>
  </details>`
}
