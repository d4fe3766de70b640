import { html } from 'hono/html'
import { joinStyles, readAsset } from '../web/asset.ts'
import { speaker } from '../web/language.ts'
import type { Language } from '../web/language.ts'
import { inlineScript, layout } from '../web/layout.ts'
import { mark, prose, stylesheet } from '../web/parts.ts'
import type { Html } from '../web/parts.ts'
import { askPage } from './ask-page.ts'
import type { Checkout } from './checkout.ts'
import { expiredPage, failedPage, reversedPage, unclearPage } from './ended-page.ts'
import { paidPage } from './paid-page.ts'
import { ring } from './parts.ts'
import { stateOf } from './state.ts'
import { waitPage } from './wait-page.ts'
import { words } from './words.ts'

/** The stylesheet and the script stand in the page: on a slow network each further request costs more than they weigh. */
export const style = joinStyles(stylesheet, readAsset(new URL('./checkout.css', import.meta.url)))
export const script = readAsset(new URL('./live.js', import.meta.url))

const pages = {
  ask: askPage,
  wait: waitPage,
  paid: paidPage,
  reversed: reversedPage,
  failed: failedPage,
  expired: expiredPage,
  unclear: unclearPage,
}

/** What is inside the page, and changes while the payment does. */
export async function innerPage(checkout: Checkout): Promise<string> {
  return String(await pages[stateOf(checkout.payment)](checkout))
}

/** The whole page. `events` is the address that tells its changes, for a page that may change by itself. */
export function wholePage({ language, merchant, say }: Checkout, inner: Html, events?: string): Html {
  return layout({
    language,
    title: say('title_ask', { merchant }),
    style,
    head: events ? html`<noscript><meta http-equiv="refresh" content="5" /></noscript>` : undefined,
    body: html`<main aria-live="polite" ${events ? html`data-events="${events}"` : ''}>${inner}</main>
      <footer>${mark} Lango</footer>
      ${inlineScript(script)}`,
  })
}

/** The page where there is no payment. */
export function notFoundPage(language: Language): Html {
  return bare(language, 'not_found', html``)
}

/** The page for what went wrong on our side. `requestId` finds it in the log. */
export function troublePage(language: Language, { path, requestId }: { path: string; requestId: string }): Html {
  const say = speaker(words, language)
  return bare(
    language,
    'trouble',
    html`<a class="may" href="${path}">${say('look_again')}</a>
      <p class="said small soft">${say('trouble_number')}<br /><span class="code">${requestId}</span></p>`,
  )
}

function bare(language: Language, word: 'not_found' | 'trouble', more: Html): Html {
  const say = speaker(words, language)
  return layout({
    language,
    title: say(word),
    style,
    body: html`<main>
        <section class="sheet pay">
          ${ring('search', 'late')}
          <div class="said">
            <h1>${say(word)}</h1>
            <p>${prose(say(`${word}_advice`))}</p>
          </div>
          ${more}
        </section>
      </main>
      <footer>${mark} Lango</footer>`,
  })
}
