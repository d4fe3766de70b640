import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKey } from '../../server/access/key.ts'
import { inviteMember } from '../../server/people/invite.ts'
import { confirmSession, listSessions } from '../../server/people/session.ts'
import { enablePayouts } from '../../server/payouts/enable.ts'
import { invoiced } from '../invoices.ts'
import { lookAt, pagesOf } from '../pages.ts'
import type { Pages } from '../pages.ts'
import { signInAs } from '../signed-in.ts'
import type { Person } from '../signed-in.ts'
import { tell } from '../story.ts'
import type { Story } from '../story.ts'
import { createEndpoint } from '../../server/webhooks/create-endpoint.ts'
import { showId } from '../../server/id.ts'
import { ownerLink } from '../../server/people/printed-link.ts'

const looks = [
  { width: 390, height: 760, colorScheme: 'light', locale: 'en-KE' },
  { width: 1280, height: 800, colorScheme: 'dark', locale: 'en-KE' },
] as const

let told: Story
let pages: Pages
let owner: Person

before(async () => {
  told = await tell()
  pages = await pagesOf(told.context)
  owner = await signInAs(told, { role: 'owner', name: 'Amina Wanjiku' })
})

after(async () => {
  await pages.close()
  await told.end()
})

/** What customers owe and what was paid of it: long names, a day that is past, too much paid; and what goes out. */
async function furnishMoney(): Promise<Record<string, string>> {
  const name = 'Mwanafunzi Asiyejulikana-Jina-Lake wa Kirinyaga Kaskazini'
  const late = await invoiced(told, { due_date: '2020-01-31', customer: { name, email: 'a@kirinyaga.example' } })
  const over = await invoiced(told, { instalments: true })
  for (const [phone, amount] of [
    ['0722000303', 3000],
    ['0722000304', 4500],
  ] as const)
    await told.call('POST', `/v1/invoices/${over.id}/settle`, { phone, amount })
  for (const phone of ['0722000303', '0722000304']) told.simulator.phones.get(phone).approve()
  await told.simulator.settled()
  await told.sweep('issue')
  const made = await told.call('POST', '/v1/payment-links', { name: `Sadaka ya ${name}` })
  const { body } = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: '0711000088', amount: 25_000 })
  return {
    invoices: '/invoices',
    'late-invoice': `/invoices/${late.id}`,
    'overpaid-invoice': `/invoices/${over.id}`,
    'new-invoice': '/invoices/new',
    links: '/links',
    link: `/links/${made.body.data.id}`,
    'new-link': '/links/new',
    receipts: '/receipt-book',
    payout: `/payouts/${body.data.id}`,
    'new-payout': '/payouts/new',
    outbox: '/outbox',
  }
}

/** A business that has been at work: members, keys, endpoints, and deliveries that failed. */
async function furnish(): Promise<Record<string, string>> {
  const { context, merchant } = told
  const merchant_id = merchant.id
  const self = { ...context, actor: `user:${showId('usr', owner.user.id)}`, isOwner: true }
  await signInAs(told, { role: 'cashier', name: 'Wanjiru', email: 'wanjiru@duka.example' })
  await signInAs(told, {
    role: 'finance',
    name: 'Mwanafunzi Asiyejulikana-Jina-Lake wa Kirinyaga Kaskazini',
    email: 'mwanafunzi.asiyejulikana.jina.lake@chama-cha-wakulima-wa-kahawa.example',
  })
  await inviteMember(self, { merchant_id, email: 'baraka@duka.example', role: 'viewer' })
  await createKey(self, {
    merchant_id,
    name: 'The shop’s server',
    mode: 'test',
    scopes: ['payments:write', 'refunds:write'],
  })
  await enablePayouts(self, { merchant_id, daily_limit_cents: 10_000_000, approval_above_cents: 2_000_000 })
  const shop = await createEndpoint(self, {
    merchant_id,
    mode: 'test',
    url: 'https://shop.example/lango',
    description: 'The shop',
  })
  const long = { merchant_id, mode: 'test', url: `https://example.com/${'hooks/'.repeat(20)}` } as const
  const other = await createEndpoint(self, { ...long, events: ['payment.completed'] })
  for (const phone of ['0722000301', '0722000302']) {
    await told.pay({ phone, amount: 100, account_reference: phone })
    told.simulator.phones.get(phone).approve()
    await told.simulator.settled()
  }
  const { body } = await told.call('GET', '/v1/deliveries')
  const { body: accounts } = await told.call('GET', '/v1/merchant/accounts')
  const money = await furnishMoney()
  return {
    team: '/team',
    member: `/team/${showId('usr', owner.user.id)}`,
    account: '/account',
    audit: '/audit',
    developers: '/developers',
    'new-key': '/developers/keys/new',
    'new-account': '/developers/accounts/new',
    'one-account': `/developers/accounts/${accounts.data[0].id}`,
    webhooks: '/webhooks',
    'new-endpoint': '/webhooks/new',
    endpoint: `/webhooks/${showId('whe', shop.endpoint.id)}`,
    'long-endpoint': `/webhooks/${showId('whe', other.endpoint.id)}`,
    delivery: `/webhooks/deliveries/${body.data[0].id}`,
    settings: '/settings',
    ...money,
  }
}

test('each page of the business fits a phone in the light and a desk in the dark, and bars nobody', async () => {
  const empties = { 'empty-webhooks': '/webhooks', 'empty-audit': '/audit?kind=refund.' }
  for (const [name, path] of Object.entries(empties)) await lookAt(pages, { path, name, at: looks, as: owner.browser })
  const paths = await furnish()
  for (const [name, path] of Object.entries(paths)) await lookAt(pages, { path, name, at: looks, as: owner.browser })
  const doors = { 'sign-in': '/sign-in', join: new URL(await ownerLink(told.context)).pathname, lost: '/join/nowhere' }
  for (const [name, path] of Object.entries(doors)) await lookAt(pages, { path, name, at: looks })
  const [session] = await listSessions(told.context, owner.user.id)
  await confirmSession(told.context, session!.id)
  await owner.send('/account/second-factor')
  await lookAt(pages, { path: '/account', name: 'account-offer', at: looks, as: owner.browser })
  assert.equal((await owner.get('/account')).status, 200)
})
