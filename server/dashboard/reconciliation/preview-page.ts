import { html } from 'hono/html'
import type { Preview } from '../../reconciliation/preview.ts'
import type { Html } from '../../web/html.ts'
import { table } from '../../web/parts/table.ts'
import { span } from '../../web/parts/time.ts'
import { csrfField } from '../signed-in.ts'
import type { SignedIn } from '../signed-in.ts'
import { placeOf } from '../../accounts/place.ts'
import { counted } from '../words.ts'
import { itemColumns, reportPart } from './report-page.ts'

/** What a statement would do, and what it is sent again with: the id under which it is kept, and what was said of it. */
export type PreviewView = { signedIn: SignedIn; seen: Preview; id: string; typed: Record<string, string>; now: Date }

/** What a statement would do, line by line, before it does. */
export function previewBody({ signedIn, seen, id, typed, now }: PreviewView): Html {
  const { account, run, report, items, hasMore } = seen
  return html`<article class="answer late">
      <h3>Nothing is done yet</h3>
      <p>
        ${counted(run.records_total ?? 0, 'movement')} of ${placeOf(account)},
        ${span(run.window_from, run.window_until)}. ${run.note ?? ''}
      </p>
      <form class="acts" method="post" action="/reconciliation/statements">
        ${csrfField(signedIn)}<input type="hidden" name="statement" value="${id}" />
        ${['shortcode', 'assume_completed'].map((name) => (typed[name] ? html`<input type="hidden" name="${name}" value="${typed[name]}" />` : ''))}
        <button class="do" data-busy="Comparing…">Compare it with the books</button
        ><a class="may" href="/reconciliation">Not now</a>
      </form>
    </article>
    ${reportPart(report)}
    <section class="sheet">
      <header>
        <h2>Line by line</h2>
        <span class="small soft">${hasMore ? `the first ${items.length}` : counted(items.length, 'line')}</span>
      </header>
      ${table('What would become of each line', itemColumns(signedIn, now), items)}
    </section>`
}
