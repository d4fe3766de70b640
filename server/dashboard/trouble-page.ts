import type { Context as HonoContext } from 'hono'
import { html } from 'hono/html'
import { asProblem, renderProblem } from '../api/failure.ts'
import type { Context } from '../context.ts'
import { isAway } from '../database/outage.ts'
import { Problem } from '../problem.ts'
import { showPath } from '../log.ts'
import { asDeskPage } from '../web/headers.ts'
import type { Html } from '../web/html.ts'
import { doorPage } from './sign-in/door-page.ts'

/** What a person is shown where a page cannot be, and a script is told. What is our own mistake is logged in full. */
export function showTrouble(server: Context, error: Error, c: HonoContext): Response | Promise<Response> {
  const problem = asProblem(error) ?? (isAway(error) ? new Problem('unavailable') : undefined)
  if (!problem) server.log.error({ error, path: showPath(c.req.path) }, 'A page of the dashboard failed.')
  const shown = problem ?? new Problem('internal')
  if (!/\btext\/html\b/.test(c.req.header('Accept') ?? '')) return renderProblem(c, shown, server.config)
  // It may have failed before it was known whose page it is.
  asDeskPage(c)
  return c.html(troublePage(shown, c.get('request_id') as string), shown.status)
}

function troublePage({ status, said }: Problem, request_id: string): Html {
  return doorPage({
    title: titles[status] ?? 'That did not work',
    body: html`<p>${words[status] ?? said}</p>
      ${status >= 500 ? html`<p class="small soft">Whoever runs Lango finds it in the log as <span class="code">${request_id}</span>.</p>` : ''}
      <a class="may" href="/">To the beginning</a>`,
  })
}

const titles: Partial<Record<number, string>> = {
  403: 'Not for you',
  404: 'Nothing is here',
  500: 'Something went wrong on our side',
  503: 'The database is away',
}

const words: Partial<Record<number, string>> = {
  500: 'If you sent a form, look whether it was done before you send it again.',
  503: 'Nothing was lost. Look again in a few seconds; if you sent a form, look whether it was done before you send it again.',
}
