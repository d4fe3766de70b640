import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signInAs } from '../../testing/signed-in.ts'
import { story } from '../../testing/story.ts'
import { visitorOf } from '../../testing/visitor.ts'
import { createMerchant } from '../merchants/merchant.ts'
import { endInvitation, inviteMember, listInvitations } from './invite.ts'
import { changeRole, listMembers, removeMember } from './team.ts'

test('an owner invites, gives roles and removes, having typed the password again, and nobody else does', () =>
  story({}, async (told) => {
    const merchant_id = told.merchant.id
    const { user } = await signInAs(told, { role: 'owner' })
    const owner = { ...told.context, actor: 'user:usr_1', isOwner: true, isConfirmed: true }
    const invitation = { merchant_id, email: ' Wanjiru@Duka.example', role: 'cashier' } as const
    await assert.rejects(inviteMember({ ...owner, isOwner: false }, invitation), { code: 'owner_required' })
    await assert.rejects(inviteMember({ ...owner, isConfirmed: false }, invitation), { code: 'password_required' })
    await assert.rejects(inviteMember(owner, { ...invitation, email: 'wanjiru' }), { param: 'email' })
    await assert.rejects(inviteMember(owner, { ...invitation, email: user.email }), { code: 'conflict' })

    const first = new URL(await inviteMember(owner, invitation)).pathname
    const link = new URL(await inviteMember(owner, invitation)).pathname
    const visitor = visitorOf(told)
    assert.equal((await visitor.get(first)).status, 404)
    assert.match((await visitor.get(link)).text, /Join Duka la Mfano[^]*wanjiru@duka\.example/)
    const typed = { name: 'Wanjiru', password: 'matatu ya kumi na moja', again: 'matatu ya kumi na moja' }
    assert.equal((await visitor.send(link, { ...typed, email: 'other@duka.example' })).to, '/')
    assert.deepEqual(await listInvitations(owner, merchant_id), [])

    const [, wanjiru] = await listMembers(owner, merchant_id)
    assert.deepEqual([wanjiru!.email, wanjiru!.role], ['wanjiru@duka.example', 'cashier'])
    const named = { merchant_id, user_id: wanjiru!.id }
    await assert.rejects(changeRole({ ...owner, isOwner: false }, { ...named, role: 'owner' }), {
      code: 'owner_required',
    })
    await changeRole(owner, { ...named, role: 'owner' })
    const both = [user.id, wanjiru!.id]
    const removals = await Promise.allSettled(both.map((user_id) => removeMember(owner, { merchant_id, user_id })))
    assert.deepEqual(removals.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const [last] = await listMembers(owner, merchant_id)
    await assert.rejects(changeRole(owner, { merchant_id, user_id: last!.id, role: 'viewer' }), /an owner at any time/)

    await inviteMember(owner, { ...invitation, email: 'baraka@duka.example' })
    const [open] = await listInvitations(owner, merchant_id)
    await endInvitation(owner, { merchant_id, id: open!.id })
    await assert.rejects(endInvitation(owner, { merchant_id, id: open!.id }), { code: 'not_found' })
    const actions = (await told.call('GET', '/v1/audit/logs?actor=user:usr_1')).body.data.map(
      ({ action }: any) => action,
    )
    assert.deepEqual(actions, [
      'invitation.ended',
      'member.invited',
      'member.removed',
      'member.role_changed',
      'member.invited',
      'member.invited',
    ])
  }))

test('whoever signs in already joins another business by one press, and sees only those that are theirs', () =>
  story({}, async (told) => {
    const other = await createMerchant(told.context, 'Duka la Juu')
    const amina = await signInAs(told, { role: 'viewer', email: 'amina@duka.example' })
    const owner = { ...told.context, isOwner: true }
    const link = async (email: string) =>
      new URL(await inviteMember(owner, { merchant_id: other.id, email, role: 'finance' })).pathname
    assert.equal((await amina.send('/switch', { merchant: other.id })).status, 404)
    const foreign = await link('baraka@duka.example')
    assert.match((await amina.get(foreign)).text, /for baraka@duka\.example, and you are signed in as amina/)
    assert.equal((await amina.send(foreign)).to, foreign)
    const own = await link('amina@duka.example')
    await amina.get(own)
    assert.equal((await amina.send(own)).to, '/')
    assert.equal((await amina.send('/switch', { merchant: other.id, to: '/refunds' })).to, '/refunds')
    await removeMember(owner, { merchant_id: other.id, user_id: amina.user.id })
    assert.equal((await amina.send('/switch', { merchant: other.id })).status, 404)
  }))

test('a form that is sent twice is carried out once, and answered alike', () =>
  story({}, async (told) => {
    const amina = await signInAs(told, { role: 'owner' })
    const once = { once: 'a-word-of-its-own', to: '/team' }
    const answers = await Promise.all([amina.send('/switch', once), amina.send('/switch', once)])
    assert.deepEqual(
      answers.map(({ status, to }) => [status, to]),
      [
        [303, '/team'],
        [303, '/team'],
      ],
    )
    assert.equal((await amina.send('/switch', { ...once, to: '/audit' })).to, '/audit')
  }))
