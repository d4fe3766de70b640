import assert from 'node:assert/strict'
import { test } from 'node:test'
import { concurrently } from '../database/concurrently.ts'
import { story, storyCredentials, storyOperator } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

/** Customers of one number all order the same, under the same references, as those of the others: only the number tells them apart. */
const orders = Array.from({ length: 12 }, (_, index) => ({ amount: 100 + index, reference: `ORDER-${index}` }))
/** Every third pays from the SIM menu and is asked by nobody. */
const paysByHand = (index: number) => index % 3 === 1
const byHand = orders.filter((_, index) => paysByHand(index))
const total = orders.reduce((sum, { amount }) => sum + amount, 0).toFixed(2)

const places = [
  { number: '174379', phones: '0711000', name: 'Orders' },
  { number: '5551001', phones: '0722000', name: 'Westlands', store: '7001001' },
  { number: '5551002', phones: '0733000', name: 'Ngong Road', store: '7001002' },
]
type Place = (typeof places)[number]
const at = ({ name }: Place) => `account=${encodeURIComponent(name)}`

test('two tills and a paybill of one merchant take money side by side, and three statements reconcile to the shilling', () =>
  story({ promptLifeMs: 3_600_000 }, async (told) => {
    const ids = await openPlaces(told)
    const payments = await orderEverywhere(told)
    await readByPull(told)
    await assignByHand(told)
    await eachKeepsToItsAccount(told, { ids, payments })
    await reconcileStatements(told, ids)
    await balancesAreTheirOwn(told)
  }))

/** The paybill is there; the tills are added, each with credentials of its own. All hear of the menu, and are read by Pull. */
async function openPlaces(told: Story): Promise<Map<Place, string>> {
  const { call, simulator } = told
  const { account_id } = (await call('GET', '/v1/merchant/providers/mpesa')).body.data
  assert.equal((await call('PATCH', `/v1/merchant/accounts/${account_id}`, { name: 'Orders' })).status, 200)
  const ids = new Map<Place, string>([[places[0]!, account_id]])
  for (const place of places.filter(({ store }) => store)) {
    const { name, store: shortcode, number: till } = place
    simulator.organisations.set(till, { type: 'till', name, store: shortcode })
    const own = { ...storyCredentials, ...storyOperator, consumer_key: `key of ${name}` }
    const mpesa = { env: 'simulator', type: 'till', shortcode, till, ...own }
    ids.set(place, (await call('POST', '/v1/merchant/accounts', { name, mpesa })).body.data.id)
  }
  for (const place of places) {
    assert.equal((await call('POST', `/v1/mpesa/c2b/register?${at(place)}`)).status, 200)
    const nominated = { nominated_number: '0722000000' }
    assert.equal((await call('POST', `/v1/reconciliation/mpesa/register?${at(place)}`, nominated)).status, 200)
  }
  simulator.faults.set({ seed: 7, rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 / 3 }] })
  return ids
}

type Ordered = { place: Place; id: string; isByHand: boolean }

async function orderEverywhere(told: Story): Promise<Ordered[]> {
  const { simulator } = told
  const everywhere = orders.flatMap((order, index) => places.map((place) => ({ ...order, index, place })))
  const payments: Ordered[] = []
  await concurrently(everywhere, 12, async ({ amount, reference, index, place }) => {
    const phone = `${place.phones}${String(index).padStart(3, '0')}`
    const isByHand = paysByHand(index)
    simulator.phones.set(phone, { auto: 'approve' })
    const input = { amount, account: place.name, account_reference: reference, phone: isByHand ? undefined : phone }
    payments.push({ place, isByHand, id: (await told.pay(input)).id })
    // A till asks for no reference.
    const typed = place.store ? null : reference
    if (isByHand) await simulator.phones.get(phone).pay({ shortcode: place.number, amount, reference: typed })
  })
  await told.advance('5 minutes')
  assert.equal(simulator.ledger.entries.length, everywhere.length)
  return payments
}

/** What was not heard of is found, each in the records of its own number. */
async function readByPull({ call }: Story): Promise<void> {
  for (const place of places) {
    const { report } = (await call('POST', `/v1/reconciliation/runs?${at(place)}`)).body.data
    assert.deepEqual(report.records, { count: orders.length, paid_in: total, withdrawn: '0.00' }, place.name)
    assert.ok(report.recovered.count > 0, 'a callback was lost')
    assert.equal(report.mismatched.count, 0)
    assert.equal(report.not_found.count, place.store ? byHand.length : 0)
  }
}

/** The cashier of each till gives what came without a reference to the order of that amount. */
async function assignByHand({ call }: Story): Promise<void> {
  for (const place of places) {
    const { data: unmatched } = (await call('GET', `/v1/money-in?unmatched=true&limit=100&${at(place)}`)).body
    assert.equal(unmatched.length, place.store ? byHand.length : 0, 'at the paybill each found its order by itself')
    const { data: pending } = (await call('GET', `/v1/payments?status=pending&limit=100&${at(place)}`)).body
    for (const { receipt, amount } of unmatched) {
      const { id: payment_id } = pending.find((payment: any) => payment.amount === amount)
      assert.equal((await call('POST', `/v1/money-in/${receipt}/assign`, { payment_id })).status, 200)
    }
  }
}

async function eachKeepsToItsAccount(
  { call, simulator }: Story,
  { ids, payments }: { ids: Map<Place, string>; payments: Ordered[] },
): Promise<void> {
  const entries = new Map(simulator.ledger.entries.map((entry) => [entry.receipt, entry]))
  for (const { place, id } of payments) {
    const payment = (await call('GET', `/v1/payments/${id}`)).body.data
    assert.deepEqual([payment.status, payment.account], ['completed', ids.get(place)])
    assert.equal(entries.get(payment.provider_receipt)!.shortcode, place.number, 'it has the money of its own number')
    entries.delete(payment.provider_receipt)
  }
  assert.equal(entries.size, 0, 'and no money is without its payment')
  for (const place of places) {
    const { data } = (await call('GET', `/v1/money-in?limit=100&${at(place)}`)).body
    assert.deepEqual(new Set(data.map(({ account }: any) => account)), new Set([ids.get(place)]))
    assert.equal(data.reduce((sum: number, { amount }: any) => sum + Number(amount), 0).toFixed(2), total)
  }
}

/** Nobody says whose each is: it says so itself. Sent for another account it is refused, with a word on whose it is. */
async function reconcileStatements({ call, simulator }: Story, ids: Map<Place, string>): Promise<void> {
  const csv = { 'Content-Type': 'text/csv' }
  for (const [index, place] of places.entries()) {
    const statement = simulator.statement({ shortcode: place.number })
    const other = places[(index + 1) % places.length]!
    const refused = await call('POST', `/v1/reconciliation/statements?${at(other)}`, statement, csv)
    assert.equal(refused.status, 400)
    assert.match(
      refused.body.error.message,
      new RegExp(`your account "${place.name}", and it was sent for "${other.name}"`),
    )

    const run = (await call('POST', '/v1/reconciliation/statements', statement, csv)).body.data
    assert.equal(run.account, ids.get(place))
    assert.deepEqual(run.report.matched, { count: orders.length, paid_in: total, withdrawn: '0.00' })
    const { recovered, mismatched, not_found, unknown_to_provider } = run.report
    for (const { count } of [recovered, mismatched, not_found, unknown_to_provider]) assert.equal(count, 0)
  }
}

async function balancesAreTheirOwn(told: Story): Promise<void> {
  const { call, simulator } = told
  for (const place of places.filter(({ store }) => store)) {
    assert.equal((await call('POST', `/v1/mpesa/balance?${at(place)}`)).status, 200)
    await told.advance('5 s')
    const { accounts, shortcode } = (await call('GET', `/v1/mpesa/balance?${at(place)}`)).body.data
    assert.equal(shortcode, place.store)
    assert.equal(accounts.find(({ name }: any) => name === 'Merchant Account').current, total)
  }
  assert.equal((await call('GET', '/v1/mpesa/balance')).body.data.as_of, null, 'the paybill was not asked')
  assert.equal(simulator.asked('oauth').length, places.length, 'each has an access token of its own')
}
