import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from '../pesaflow/index.ts'
import type { Bill, IpnRecipe } from '../pesaflow/index.ts'
import { createSimulator, manualClock, pesaflowKey, pesaflowSecret } from '../simulator/index.ts'
import type { Simulator, SimulatorOptions } from '../simulator/index.ts'

// The client and the simulator share no code; here they talk about everything that Pesaflow has.

const fine: Bill = {
  serviceId: '23',
  reference: 'FINE-1',
  description: 'Overload fine',
  amountCents: 10000,
  payer: { name: 'Wanjikũ & Sons', idNumber: '11111111', phone: '254712345678' },
  notificationUrl: 'https://county.example/in',
  returnUrls: { success: 'https://county.example/paid', failure: 'https://county.example/failed' },
}

/** A county with a client, and what it was notified of. Amina's phone approves whatever it is asked. */
function county(settings: SimulatorOptions['settings'] = {}) {
  const clock = manualClock('2026-11-25T11:00:00Z')
  const told: string[] = []
  const simulator = createSimulator({
    clock,
    settings,
    async fetch(input, init) {
      told.push(await new Request(input, init).text())
      return new Response('OK')
    },
  })
  simulator.phones.set('0712345678', { auto: 'approve' })
  const pesaflow = client.createPesaflow({
    baseUrl: 'http://simulator.test/PaymentAPI/iframev2.1.php',
    apiClientId: '588',
    apiKey: pesaflowKey,
    secret: pesaflowSecret,
    fetch: (url, init) => simulator.fetch(url, init),
    now: () => clock.now(),
    wait: () => Promise.resolve(),
  })
  return { clock, simulator, pesaflow, told }
}

const pay = (simulator: Simulator, amount: number, reference: string) =>
  simulator.phones.get('0712345678').pay({ shortcode: '222222', amount, reference })

async function stateOf({ pesaflow }: ReturnType<typeof county>, refNo: string) {
  const answer = await client.paymentStatus(pesaflow, refNo)
  return answer.kind === 'status' ? client.paymentState(answer, { amountCents: 10500, currency: 'KES' }) : answer.reason
}

test('a fine is brought, paid by a prompt, notified and confirmed', async () => {
  const place = county()
  const outcome = await client.sendStk(place.pesaflow, fine)
  assert.ok(outcome.kind === 'accepted')
  assert.deepEqual([outcome.netCents, outcome.commissionCents, outcome.expectedCents], [10000, 500, 10500])
  await place.simulator.settled()
  const ipn = client.parseIpn(place.told[0])
  assert.ok(ipn)
  assert.deepEqual([ipn.invoiceNumber, ipn.reference, ipn.paidCents], [outcome.invoiceNumber, 'FINE-1', 10500])
  assert.deepEqual(
    ipn.instalments.map(({ receipt, amountCents, paidAt }) => [receipt, amountCents, paidAt]),
    [[place.simulator.ledger.entries[0]?.receipt, 10500, place.clock.now()]],
  )
  assert.equal(await client.verifyIpn(place.pesaflow, ipn, 'B'), 'verified')
  assert.equal(await stateOf(place, outcome.invoiceNumber), 'paid')
  assert.equal(await stateOf(place, 'FINE-1'), 'paid')
  const again = await client.checkout(place.pesaflow, fine)
  assert.equal(again.kind === 'refused' && again.code, 'already_paid')
})

test('a fine that is paid in two parts is never taken for paid before the second', async () => {
  for (const pesaflow_part_word of ['pending', 'settled'] as const) {
    const place = county({ pesaflow_part_word })
    const outcome = await client.checkout(place.pesaflow, fine)
    const number = outcome.kind === 'accepted' ? outcome.invoiceNumber : ''
    assert.equal(await stateOf(place, number), 'unpaid')
    await pay(place.simulator, 100, number)
    assert.equal(await stateOf(place, number), 'part_paid')
    await pay(place.simulator, 5, number)
    assert.equal(await stateOf(place, number), 'paid')
    await place.simulator.settled()
    assert.deepEqual(
      place.told.map((text) => client.parseIpn(text)?.instalments.map(({ amountCents }) => amountCents)),
      [[10000], [10000, 500]],
    )
  }
})

const variants: [NonNullable<SimulatorOptions['settings']>, IpnRecipe, client.IpnVerification][] = [
  [{ pesaflow_ipn: 'variant' }, 'A', 'verified'],
  [{ pesaflow_ipn: 'variant_form' }, 'A', 'verified'],
  [{ pesaflow_ipn: 'variant' }, 'B', 'wrong'],
  [{ pesaflow_ipn_times: 'late' }, 'B', 'verified'],
  [{ pesaflow_ipn_hash: 'wrong' }, 'B', 'wrong'],
  [{ pesaflow_ipn_hash: 'none' }, 'B', 'missing'],
  [{}, 'off', 'unchecked'],
]

for (const [settings, recipe, verification] of variants) {
  test(`a notification with ${JSON.stringify(settings)} is ${verification} by recipe ${String(recipe)}`, async () => {
    const { simulator, pesaflow, told, clock } = county(settings)
    await client.sendStk(pesaflow, fine)
    await simulator.settled()
    const ipn = client.parseIpn(told[0])
    assert.ok(ipn)
    assert.equal(await client.verifyIpn(pesaflow, ipn, recipe), verification)
    assert.deepEqual([ipn.paidCents, ipn.paidAt], [10500, clock.now()])
    const [instalment] = ipn.instalments
    assert.deepEqual([instalment?.receipt, instalment?.amountCents], [simulator.ledger.entries[0]?.receipt, 10500])
  })
}

test('what nobody knows to have arrived is found by the reference', async () => {
  const place = county()
  for (const fault of ['drop_response', 'html_200', 'http_500', 'cut', 'html_503'] as const) {
    place.simulator.faults.set({ rules: [{ api: 'pesaflow_checkout', fault, probability: 1 }] })
    const outcome = await client.checkout(place.pesaflow, { ...fine, reference: fault })
    assert.equal(outcome.kind, 'unknown', fault)
    const wasCarriedOut = fault === 'drop_response' || fault === 'html_200'
    assert.equal(await stateOf(place, fault), wasCarriedOut ? 'unpaid' : 'not_found', fault)
  }
})

test('wrong keys, a missing client and a missing service are refused, each in its words', async () => {
  const { simulator, pesaflow } = county()
  const options = { baseUrl: pesaflow.baseUrl, fetch: pesaflow.fetch, apiClientId: '588', apiKey: 'other', secret: 's' }
  const stranger = client.createPesaflow(options)
  const code = (outcome: client.Outcome<object>) => (outcome.kind === 'refused' ? outcome.code : outcome.kind)
  assert.equal(code(await client.checkout(stranger, fine)), 'invalid_hash')
  assert.equal(code(await client.requestToken(stranger)), 'token_refused')
  assert.equal(code(await client.requestToken(pesaflow)), 'accepted')
  assert.equal(code(await client.checkout(pesaflow, { ...fine, serviceId: '999999' })), 'invalid_fields')
  assert.equal(code(await client.checkout({ ...pesaflow, apiClientId: '999' }, fine)), 'invalid_fields')
  assert.equal(code(await client.createInvoice(pesaflow, fine)), 'not_granted')
  simulator.pesaflow.client('1', { may_create_invoices: true })
  assert.equal(code(await client.createInvoice(pesaflow, fine)), 'accepted')
})

test('a token that dies, and a status that wants one, are no trouble', async () => {
  const place = county({ pesaflow_status_token: true })
  await client.checkout(place.pesaflow, fine)
  assert.equal(await stateOf(place, 'FINE-1'), 'unpaid')
  let strikes = 0
  const dying = client.createPesaflow({
    ...place.pesaflow,
    fetch: (url, init) => {
      const expires = url.includes('/status') && new Headers(init.headers).has('Authorization') && strikes++ === 0
      place.simulator.faults.set({
        rules: expires ? [{ api: 'pesaflow_status', fault: 'expire_token', probability: 1 }] : [],
      })
      return place.simulator.fetch(url, init)
    },
  })
  assert.equal((await client.paymentStatus(dying, 'FINE-1')).kind, 'status')
  assert.equal(strikes, 2)
})

test('the browser’s own form leads to the page', async () => {
  const { simulator, pesaflow } = county()
  const form = await client.checkoutForm(pesaflow, fine)
  assert.ok(form.kind === 'form')
  const response = await simulator.fetch(form.action, { method: 'POST', body: new URLSearchParams(form.fields) })
  assert.match(await response.text(), /Wanjikũ &amp; Sons/)
  assert.equal(simulator.pesaflow.bills().length, 1)
})
