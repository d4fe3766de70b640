import { Hono } from 'hono'
import { z } from 'zod'
import { changePassword } from '../../people/new-password.ts'
import { whyNotPassword } from '../../people/password.ts'
import { nextFirst, nextMorning } from '../../notices/morning.ts'
import { mayHaveReports, reportsOf, wantReports } from '../../people/reports.ts'
import { beginSecondFactor, endSecondFactor, offerSecondFactor, openOffer } from '../../people/second-factor.ts'
import { endOtherSessions, endSession, listSessions } from '../../people/session.ts'
import { userOf } from '../../people/user.ts'
import { Problem } from '../../problem.ts'
import { answerForm } from '../answer-form.ts'
import type { Refused } from '../form.ts'
import { goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain } from '../step-up.ts'
import { accountBody, recoveryBody } from './account-page.ts'
import { fieldsOf } from '../own-form.ts'

/** One's own sign-in, `/account`: open to everybody who is signed in. */
export function accountPages() {
  return new Hono<SignedInEnvironment>()
    .get('/account', (c) => look(c))
    .post('/account/password', renew)
    .post('/account/reports', keepReports)
    .post('/account/second-factor', offer)
    .post('/account/second-factor/begin', begin)
    .post('/account/second-factor/end', end)
    .post('/account/sessions/end', endOthers)
    .post('/account/sessions/:id/end', endOne)
}

async function look(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const who = { merchant_id: signedIn.merchant.id, user_id: signedIn.user.id }
  const [user, sessions, reports] = await Promise.all([
    userOf(context, signedIn.user.id),
    listSessions(context, signedIn.user.id),
    mayHaveReports(signedIn.role) ? reportsOf(context, who) : undefined,
  ])
  const head = { title: 'Your sign-in', lead: `${user.name}, ${user.email}` }
  const body = accountBody({ context, signedIn, user, sessions, offer: openOffer(context, user), reports, refused })
  return show(c, { place: '/account', title: 'Your sign-in', head, body }, status)
}

const again = (c: DeskContext) => (refused: Refused, status: number) => look(c, refused, status)

function renew(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'password',
    again: again(c),
    async work() {
      const { new: password = '', new_again = '' } = await fieldsOf(c)
      const { user, session } = c.var.signedIn
      await confirmAgain(c)
      const why = whyNotPassword(password, [user.email.split('@')[0]!, ...user.name.split(' ')])
      if (why) throw new Problem('invalid_request', why, 'new')
      if (password !== new_again) throw new Problem('invalid_request', 'The two are not the same.', 'new_again')
      await changePassword(c.var.context, { user_id: user.id, session_id: session.id, password })
      return goOn(c, '/account?done=password_changed')
    },
  })
}

function keepReports(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'reports',
    again: again(c),
    async work() {
      const { context, signedIn } = c.var
      if (!mayHaveReports(signedIn.role))
        throw new Problem('forbidden', 'Reports go to owners, and to those who keep the books.')
      const typed = await fieldsOf(c)
      const now = context.clock.now()
      await wantReports(context, {
        merchant_id: signedIn.merchant.id,
        user_id: signedIn.user.id,
        wanted: {
          daily_summary: typed['daily_summary'] === 'yes',
          monthly_statement: typed['monthly_statement'] === 'yes',
        },
        first: { summary_at: nextMorning(now), statement_at: nextFirst(now) },
      })
      return goOn(c, '/account?done=reports_kept')
    },
  })
}

function offer(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'offer',
    again: again(c),
    async work() {
      await confirmAgain(c)
      await offerSecondFactor(c.var.context, c.var.signedIn.user)
      return goOn(c, '/account#second-factor')
    },
  })
}

function begin(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'begin',
    again: again(c),
    async work() {
      await confirmAgain(c)
      const { code = '' } = await fieldsOf(c)
      const user = await userOf(c.var.context, c.var.signedIn.user.id)
      const codes = await beginSecondFactor(c.var.context, user, code.replace(/\s/g, ''))
      if (!codes)
        throw new Problem('invalid_request', 'This is not the code that shows now. Type the next one.', 'code')
      const head = { title: 'Codes for a lost phone', back: { href: '/account', name: 'Your sign-in' } }
      return show(c, { place: '/account', title: 'Codes', head, body: recoveryBody(codes) })
    },
  })
}

function end(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'end',
    again: again(c),
    async work() {
      await confirmAgain(c)
      await endSecondFactor(c.var.context, c.var.signedIn.user.id)
      return goOn(c, '/account?done=second_factor_ended')
    },
  })
}

async function endOne(c: DeskContext): Promise<Response> {
  const id = z.uuid().safeParse(c.req.param('id'))
  if (!id.success) throw new Problem('not_found', 'There is no such session of yours.')
  await endSession(c.var.context, { id: id.data, user_id: c.var.signedIn.user.id })
  return goOn(c, '/account?done=session_ended')
}

async function endOthers(c: DeskContext): Promise<Response> {
  const { user, session } = c.var.signedIn
  await endOtherSessions(c.var.context, { user_id: user.id, but: session.id })
  return goOn(c, '/account?done=session_ended')
}
