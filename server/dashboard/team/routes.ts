import { Hono } from 'hono'
import { z } from 'zod'
import { roles } from '../../access/role.ts'
import { parseId } from '../../id.ts'
import { endInvitation, inviteMember, listInvitations } from '../../people/invite.ts'
import { changeRole, listMembers, removeMember } from '../../people/team.ts'
import type { Member } from '../../people/team.ts'
import { Problem } from '../../problem.ts'
import { asSeen } from '../as-seen.ts'
import { answerForm } from '../answer-form.ts'
import { readForm } from '../form.ts'
import type { Refused } from '../form.ts'
import { entry, goOn, show } from '../show-page.ts'
import type { DeskContext } from '../desk-context.ts'
import type { SignedInEnvironment } from '../signed-in.ts'
import { confirmAgain } from '../step-up.ts'
import { memberBody } from './member-page.ts'
import { linkBody, teamBody } from './team-page.ts'

const role = z.enum(roles, 'Choose a role')

/** Who works here, `/team`, for owners. */
export function teamPages() {
  return new Hono<SignedInEnvironment>()
    .use('/team/*', entry('team:write'))
    .get('/team', (c) => look(c))
    .post('/team/invitations', invite)
    .post('/team/invitations/:id/end', takeBack)
    .get('/team/:id', (c) => lookAtOne(c))
    .post('/team/:id/role', asSeen(), giveRole)
    .post('/team/:id/remove', asSeen(), remove)
}

async function look(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const [members, invitations] = await Promise.all([
    listMembers(context, signedIn.merchant.id),
    listInvitations(context, signedIn.merchant.id),
  ])
  const head = { title: 'Team', lead: 'Who works here, and what they may do.' }
  const body = teamBody({ context, signedIn, members, invitations, refused })
  return show(c, { place: '/team', title: 'Team', head, body }, status)
}

async function lookAtOne(c: DeskContext, refused?: Refused, status = 200): Promise<Response> {
  const { context, signedIn } = c.var
  const member = await memberOf(c)
  const head = { title: member.name, lead: member.email, back: { href: '/team', name: 'Team' } }
  const body = memberBody({ context, signedIn, member, refused })
  return show(c, { place: '/team', title: member.name, head, body }, status)
}

function invite(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'invite',
    again: (refused, status) => look(c, refused, status),
    async work() {
      const { value } = await readForm(c, 'invite', z.object({ email: z.string(), role }))
      await confirmAgain(c)
      const link = await inviteMember(c.var.context, { merchant_id: c.var.signedIn.merchant.id, ...value })
      const head = { title: 'Invitation', back: { href: '/team', name: 'Team' } }
      return show(c, { place: '/team', title: 'Invitation', head, body: linkBody({ link, ...value }) })
    },
  })
}

function takeBack(c: DeskContext): Promise<Response> {
  const id = c.req.param('id') ?? ''
  return answerForm(c, {
    form: id,
    again: (refused, status) => look(c, refused, status),
    async work() {
      if (!z.uuid().safeParse(id).success) throw new Problem('not_found', 'There is no such invitation.')
      await confirmAgain(c)
      await endInvitation(c.var.context, { merchant_id: c.var.signedIn.merchant.id, id })
      return goOn(c, '/team?done=taken_back')
    },
  })
}

function giveRole(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'role',
    again: (refused, status) => lookAtOne(c, refused, status),
    async work() {
      const { value } = await readForm(c, 'role', z.object({ role }))
      await confirmAgain(c)
      await changeRole(c.var.context, { ...(await namedIn(c)), ...value })
      return goOn(c, '/team?done=role_given')
    },
  })
}

function remove(c: DeskContext): Promise<Response> {
  return answerForm(c, {
    form: 'remove',
    again: (refused, status) => lookAtOne(c, refused, status),
    async work() {
      await confirmAgain(c)
      await removeMember(c.var.context, await namedIn(c))
      return goOn(c, '/team?done=removed')
    },
  })
}

async function namedIn(c: DeskContext): Promise<{ merchant_id: string; user_id: string }> {
  return { merchant_id: c.var.signedIn.merchant.id, user_id: (await memberOf(c)).id }
}

async function memberOf(c: DeskContext): Promise<Member> {
  const id = parseId('usr', c.req.param('id') ?? '')
  const members = await listMembers(c.var.context, c.var.signedIn.merchant.id)
  const member = members.find((one) => one.id === id)
  if (!member) throw new Problem('not_found', 'This is no member of the business, or no longer.')
  return member
}
