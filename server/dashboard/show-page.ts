import type { MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Scope } from '../access/scope.ts'
import { countAttention } from '../attention/count.ts'
import type { Context } from '../context.ts'
import { countToApprove } from '../payouts/count-to-approve.ts'
import { Problem } from '../problem.ts'
import type { Html } from '../web/html.ts'
import type { Page } from '../web/page.ts'
import { ring } from '../web/parts/ring.ts'
import { desk } from './desk-page.ts'
import type { DeskContext } from './desk-context.ts'
import { environmentOf, may } from './may.ts'
import { readDone } from './done.ts'
import { isFollowing } from './live.ts'
import type { SignedInEnvironment } from './signed-in.ts'
import { showTrouble } from './trouble-page.ts'
import { wayBack } from './way-back.ts'

/** A page of the desk before it has what stands on all of them; `place` is the place that it belongs to. */
export type DeskPage = Pick<Page, 'title' | 'head' | 'body'> & { place: string }

/** Answers with a page of the desk. */
export async function show(c: DeskContext, { place, ...page }: DeskPage, status = 200): Promise<Response> {
  const { context, caller, signedIn } = c.var
  const [attention, payouts] = await Promise.all([
    may(signedIn, 'totals:read') ? countAttention(context, { ...caller, ...environmentOf(signedIn) }) : 0,
    may(signedIn, 'payouts:write') ? countToApprove(context, caller) : 0,
  ])
  const waiting = { '/attention': attention, '/payouts': payouts }
  const done = readDone(c.req.query('done'))
  return c.html(desk({ signedIn, here: place, waiting, done }, page), status as ContentfulStatusCode)
}

/** Goes on to a page after a form, which says what was done: a reload of it sends nothing twice. */
export function goOn(c: DeskContext, path: string): Response {
  return c.redirect(path, 303)
}

/** Lets a person through only if they have this scope. Whoever works at the counter is led there. */
export function entry(scope: Scope): MiddlewareHandler<SignedInEnvironment> {
  return async (c, next) => {
    const { signedIn } = c.var
    if (may(signedIn, scope)) return next()
    if (c.req.method === 'GET' && c.req.path === '/' && may(signedIn, 'payments:write')) return c.redirect('/cashier')
    return showProblem(
      c,
      new Problem('forbidden', `Your role, ${signedIn.role}, does not see this. An owner can change that.`),
    )
  }
}

/** Shows what its reader cannot have, or what is not there, as a page of the desk. */
export function showError(server: Context, error: Error, c: DeskContext): Response | Promise<Response> {
  const isTheirs = error instanceof Problem && error.status < 500 && Boolean(c.var.signedIn) && !isFollowing(c)
  return isTheirs ? showProblem(c, error) : showTrouble(server, error, c)
}

function showProblem(c: DeskContext, problem: Problem): Promise<Response> {
  const isLost = problem.status === 404
  return showState(c, {
    title: isLost ? 'It is not here' : problem.status === 403 ? 'This is not for your role' : 'That cannot be done',
    words: problem.said,
    status: problem.status,
  })
}

function showState(
  c: DeskContext,
  { title, words, status }: { title: string; words: string; status: number },
): Promise<Response> {
  const body = html`<section class="sheet empty">
    ${ring(status === 404 ? 'search' : 'cross', 'late')}
    <p>${words}</p>
    ${wayOn(c, status)}
  </section>`
  return show(c, { place: '', title, head: { title }, body }, status)
}

/** Back to the page on which a form stood, or to the list of which a file was asked for; else to the beginning. */
function wayOn(c: DeskContext, status: number): Html {
  const [, list] = /^(.*)[.]csv$/.exec(c.req.path) ?? []
  if (list && status === 400) return html`<a class="may" href="${list}">Back to the list</a>`
  const from = c.req.method === 'GET' ? undefined : c.req.header('Referer')
  if (from && URL.canParse(from)) {
    const { pathname, search } = new URL(from)
    return html`<a class="may" href="${wayBack(pathname + search)}">Back to where you were</a>`
  }
  return html`<a class="may" href="${may(c.var.signedIn, 'totals:read') ? '/' : '/cashier'}">To the beginning</a>`
}
