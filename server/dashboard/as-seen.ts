import type { MiddlewareHandler } from 'hono'
import { actionWords } from '../access/action-words.ts'
import { listAudit } from '../access/audit.ts'
import { later } from '../clock.ts'
import { showId, timeOf } from '../id.ts'
import { namesOf } from '../people/names.ts'
import { Problem } from '../problem.ts'
import { sayAgo } from '../web/parts/time.ts'
import type { DeskContext } from './desk-context.ts'
import { fieldsOf } from './own-form.ts'
import type { SignedInEnvironment } from './signed-in.ts'

const linesMax = 100

/**
 * Carries a form out only on what its page showed: whoever comes second is told what another has done with it since, and looks again.
 * It is about what the path names as `:id` or `:receipt`, or about the business. A form that does not tell when its page was made is let through.
 * @throws a Problem that says who did what.
 */
export function asSeen(): MiddlewareHandler<SignedInEnvironment> {
  return async (c, next) => {
    const done = await doneSince(c, (await fieldsOf(c))['once'])
    if (done) throw new Problem('conflict', `${done} Look at it as it is now, and decide again.`)
    return next()
  }
}

async function doneSince(c: DeskContext, once: string | undefined): Promise<string | undefined> {
  if (!once || !/^[0-9a-f-]{36}$/.test(once)) return undefined
  const { context, caller } = c.var
  const { merchant_id, person } = caller
  const subject = c.req.param('id') ?? c.req.param('receipt') ?? showId('mer', merchant_id)
  const { rows } = await listAudit(context, {
    merchant_id,
    filter: { since: later(timeOf(once), 1) },
    limit: linesMax,
  })
  const last = rows.find((line) => line.actor !== person && isAbout(line, subject))
  if (!last) return undefined
  const name = (await namesOf(context, [last.actor]))(last.actor)
  return `${name} was faster: ${sayAgo(last.at, context.clock.now(), 'en')} they ${actionWords(last.action)}.`
}

// What goes back is about the payment and the code that it names, too.
function isAbout(
  { subject, details }: { subject: string | null; details: Record<string, unknown> },
  id: string,
): boolean {
  return subject === id || Object.values(details).includes(id)
}
