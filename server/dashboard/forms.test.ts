import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { invoiced } from '../../testing/invoices.ts'
import { textOf } from '../../testing/payer.ts'
import { enable } from '../../testing/payouts.ts'
import { openShop } from '../../testing/shop.ts'
import type { Shop } from '../../testing/shop.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import type { Person } from '../../testing/signed-in.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { sql } from '../database/sql.ts'
import { showId } from '../id.ts'
import { deliverDue } from '../webhooks/deliver.ts'

let told: Story
let shop: Shop
let amina: Person
let njeri: Person
let otieno: Person

before(async () => {
  told = await tell()
  told.context.config.publicUrl = 'http://localhost:4000'
  shop = await openShop()
  amina = await signInAs(told, { role: 'owner', name: 'Amina', email: 'amina@duka.example' })
  njeri = await signInAs(told, { role: 'owner', name: 'Njeri', email: 'njeri@duka.example' })
  otieno = await signInAs(told, { role: 'finance', name: 'Otieno' })
  await told.call('POST', '/v1/mpesa/c2b/register', {})
  await enable(told, { above: 1000 })
})

after(async () => {
  shop.close()
  await told.end()
})

/** A form as somebody finds it: the page where it stands, where it goes, and what is typed. */
type Form = { page: string; path: string; fields?: Record<string, string> }

const password = { password_again: storyPassword }
let phones = 0
const newPhone = () => `0722${String(++phones).padStart(6, '0')}`

async function paid(): Promise<string> {
  const phone = newPhone()
  const { id } = await told.pay({ amount: 100, phone })
  told.simulator.phones.get(phone).approve()
  await told.payment(id)
  return id
}

async function nobodys(amount: number): Promise<string> {
  const came = await told.simulator.phones.get(newPhone()).pay({ shortcode: '174379', amount, reference: 'shop' })
  await told.simulator.settled()
  assert.ok(came.status === 'paid')
  return came.receipt
}

async function made(path: string, input: Record<string, unknown>): Promise<string> {
  const { status, body } = await told.call('POST', path, input)
  assert.equal(status, 201, JSON.stringify(body))
  return body.data.id
}

const waiting = () => made('/v1/payouts', { kind: 'b2c', phone: newPhone(), amount: 5000 })
const link = () => made('/v1/payment-links', { name: 'Sadaka' })
const endpoint = () => made('/v1/webhook-endpoints', { url: shop.url })

async function batch(): Promise<string> {
  const { to } = await otieno.send('/payouts/batches', { csv: `phone,amount\n${newPhone()},15\n`, ...password })
  return to!.replace(/^.*\/|\?.*/g, '')
}

/** A form below the page of one thing: `/links/lnk_…` and `end`. */
async function below(place: string, thing: Promise<string>, what: string, fields = {}): Promise<Form> {
  const page = `${place}/${await thing}`
  return { page, path: what ? `${page}/${what}` : page, fields }
}

async function decided(): Promise<Form> {
  const id = await paid()
  await told.context.database.query(sql`
    update payments set needs_attention = '{paid_twice}', attention_since = ${told.clock.now()} where id = ${uuidOf(id)}`)
  return { page: '/attention', path: `/attention/${id}/resolve`, fields: { note: 'Refunded in cash.' } }
}

async function assigned(): Promise<Form> {
  const receipt = await nobodys(640)
  const payment = (await told.pay({ amount: 640, phone: newPhone() })).id
  return { page: `/money-in/${receipt}`, path: `/money-in/${receipt}/assign`, fields: { payment } }
}

async function taken(): Promise<Form> {
  const receipt = await nobodys(641)
  return { page: `/cashier?take=${receipt}`, path: '/cashier/take', fields: { receipt, what: 'Bread' } }
}

async function delivered(): Promise<Form> {
  await endpoint()
  await paid()
  await deliverDue(told.context)
  const { body } = await told.call('GET', '/v1/deliveries?limit=1')
  return below('/webhooks/deliveries', Promise.resolve(body.data[0].id), 'redeliver')
}

async function member(): Promise<string> {
  const { user } = await signInAs(told, { role: 'viewer', email: `viewer-${++phones}@duka.example` })
  return showId('usr', user.id)
}

async function revoked(): Promise<Form> {
  await amina.get('/developers/keys/new')
  const key = { name: `key ${++phones}`, mode: 'test', 'payments:read': 'yes', ...password }
  await amina.send('/developers/keys', key)
  const { id } = await told.context.database.one<{ id: string }>(sql`select id from api_keys where name = ${key.name}`)
  return { page: '/developers', path: `/developers/keys/${showId('key', id)}/revoke`, fields: password }
}

async function corrected(): Promise<Form> {
  const { body } = await told.call('GET', '/v1/merchant/accounts')
  return below('/developers/accounts', Promise.resolve(body.data[0].id), '', { name: `Till ${++phones}` })
}

const uuidOf = (id: string) => id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
const settings = (path: string, fields: Record<string, string>) => async () => ({ page: '/settings', path, fields })
const anew = (page: string, path: string, fields: Record<string, string>) => async () => ({ page, path, fields })

/** What is done with one thing, and the line of the audit log that says so. */
const deeds: [name: string, action: string, find: () => Promise<Form>][] = [
  ['a refund', 'refund.created', () => below('/payments', paid(), 'refund', { amount: '40' })],
  ['a refund of money', 'refund.created', () => below('/money-in', nobodys(642), 'refund', { amount: '642' })],
  ['what needs somebody', 'attention.resolved', decided],
  ['money for its payment', 'money.assigned', assigned],
  ['money at the counter', 'money.assigned', taken],
  ['a payout approved', 'payout.approved', () => below('/payouts', waiting(), 'approve', password)],
  ['a payout rejected', 'payout.rejected', () => below('/payouts', waiting(), 'reject', { reason: 'No' })],
  ['a batch approved', 'payout_batch.approved', () => below('/payouts/batches', batch(), 'approve', password)],
  ['a batch rejected', 'payout_batch.rejected', () => below('/payouts/batches', batch(), 'reject', { reason: 'No' })],
  ['an invoice by mail', 'invoice.sent', () => below('/invoices', billed(), 'send')],
  ['an invoice made void', 'invoice.voided', () => below('/invoices', billed(), 'void')],
  ['a link turned off', 'payment_link.ended', () => below('/links', link(), 'end')],
  ['a link turned on', 'payment_link.resumed', () => below('/links', ended(), 'resume')],
  ['a key revoked', 'key.revoked', revoked],
  ['an account corrected', 'account.changed', corrected],
  ['a role', 'member.role_changed', () => below('/team', member(), 'role', { role: 'finance', ...password })],
  ['a member removed', 'member.removed', () => below('/team', member(), 'remove', password)],
  ['the business', 'merchant.changed', settings('/settings', { name: 'Duka jipya' })],
  ['limits', 'payouts.enabled', settings('/settings/payouts', { daily_limit: '90000', ...password })],
  ['payouts off', 'payouts.disabled', settings('/settings/payouts/off', password)],
  ['an endpoint disabled', 'webhook_endpoint.updated', () => below('/webhooks', endpoint(), 'off')],
  ['an endpoint deleted', 'webhook_endpoint.deleted', () => below('/webhooks', endpoint(), 'delete')],
  ['a secret', 'webhook_endpoint.secret_rotated', () => below('/webhooks', endpoint(), 'secret', password)],
  ['a delivery again', 'delivery.redelivered', delivered],
]

async function billed(): Promise<string> {
  return (await invoiced(told, { customer: { name: 'Amina', email: 'a@example.com' } })).id
}

async function ended(): Promise<string> {
  const id = await link()
  await told.call('POST', `/v1/payment-links/${id}/end`)
  return id
}

async function asked(): Promise<Form> {
  await enable(told, { above: 1000 })
  return { page: '/payouts/new', path: '/payouts', fields: payout }
}

const payout = { kind: 'b2c', phone: '0711000099', amount: '20', ...password }
const account = { env: 'simulator', type: 'paybill', shortcode: '600222', consumer_key: 'k', consumer_secret: 's' }
const invitation = { email: 'new@duka.example', role: 'viewer', ...password }

/** What is made anew. Whoever else makes the like has one of their own, or is told that there is one. */
const makings: typeof deeds = [
  ['a payment at the counter', '', anew('/cashier', '/cashier/ask', { amount: '11', phone: '0711000098' })],
  ['a payout', 'payout.created', asked],
  ['an invoice', 'invoice.created', anew('/invoices/new', '/invoices', { 'what-1': 'Unga', 'price-1': '5' })],
  ['a link', 'payment_link.created', anew('/links/new', '/links', { name: 'Sadaka' })],
  [
    'a key',
    'key.created',
    anew('/developers/keys/new', '/developers/keys', {
      name: 'shop',
      mode: 'test',
      'payments:read': 'yes',
      ...password,
    }),
  ],
  [
    'an account',
    'account.added',
    anew('/developers/accounts/new', '/developers/accounts', { ...account, passkey: 'p', ...password }),
  ],
  ['an invitation', 'member.invited', anew('/team', '/team/invitations', invitation)],
  ['an endpoint', 'webhook_endpoint.created', anew('/webhooks/new', '/webhooks', { url: 'http://127.0.0.1:9/hook' })],
]

async function actions(): Promise<string[]> {
  const rows = await told.context.database.query<{ action: string }>(sql`select action from audit_log order by id`)
  return rows.map(({ action }) => action)
}

async function sentTwice({ path, fields = {} }: Form): Promise<string[]> {
  const known = (await actions()).length
  const [first, second] = await Promise.all([amina.send(path, fields), amina.send(path, fields)])
  assert.ok(first.status < 400, textOf(first.text))
  assert.deepEqual([second.status, second.to, second.text], [first.status, first.to, first.text])
  return (await actions()).slice(known)
}

for (const [name, action, find] of deeds)
  test(`a form that is sent twice does it once, and whoever comes second is told who did: ${name}`, async () => {
    const form = await find()
    await told.advance('1 minute')
    // Both have looked at it before either acts.
    for (const person of [njeri, amina]) assert.equal((await person.get(form.page)).status, 200, form.page)
    await told.advance('2 seconds')
    const done = await sentTwice(form)
    assert.deepEqual(done, [action])
    await told.advance('2 seconds')
    const late = await njeri.send(form.path, form.fields)
    assert.equal(late.status, 409, `${late.to} ${textOf(late.text)}`)
    assert.match(textOf(late.text), /Amina (was faster|gave it|took it)/)
    assert.deepEqual((await actions()).slice(-1), [action])
  })

for (const [name, action, find] of makings)
  test(`a form that is sent twice makes one: ${name}`, async () => {
    const form = await find()
    await amina.get(form.page)
    const done = await sentTwice(form)
    assert.deepEqual(done, action ? [action] : [])
  })
