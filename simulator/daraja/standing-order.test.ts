import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape, fixture } from '../testing/recordings.ts'

type Json = Record<string, unknown>

/** A shop that asks Amina for a standing order. */
function shop() {
  const found = merchant()
  const ask = (changes: Json = {}) =>
    post(found.simulator, '/standingorder/v1/createStandingOrderExternal', {
      ...(fixture('ratiba.request') as Json),
      PartyA: '254712345678',
      ...changes,
    })
  return { ...found, ask, phone: found.simulator.phones.get('0712345678') }
}

const headerOf = (body: unknown) => {
  const { responseHeader, ResponseHeader } = body as { responseHeader?: Json; ResponseHeader?: Json }
  return responseHeader ?? ResponseHeader ?? {}
}

test('a payer agrees, and the callback carries the order and the id that the caller gave it', async () => {
  const { simulator, callbacks, ask, phone } = shop()
  const { body } = await ask()
  assertShape(body, 'ratiba.accepted')
  assert.equal(headerOf(body).responseRefID, 'bae4ef32-3fb1-4998-988b-0063884a3d80')
  phone.approve()
  await simulator.settled()
  assertShape(callbacks()[0], 'ratiba.callback.success')
  assert.equal(headerOf(callbacks()[0]).responseRefID, 'bae4ef32-3fb1-4998-988b-0063884a3d80')
})

test('the words of 2025 get the callback of 2025', async () => {
  const { simulator, callbacks, ask, phone } = shop()
  await ask({ TransactionType: 'Standing Order Customer Pay Marchant', CustomStoId: undefined })
  phone.approve()
  await simulator.settled()
  assertShape(callbacks()[0], 'ratiba.callback.success.2025')
})

for (const [deed, code] of [
  ['cancel', '1032'],
  ['wrongPin', '2001'],
  ['ignore', '1037'],
] as const) {
  test(`a payer who does ${deed} has no order: ${code}, in an envelope of another case`, async () => {
    const { simulator, clock, callbacks, ask, phone } = shop()
    await ask()
    phone[deed]()
    await clock.advance('1 minute')
    await simulator.settled()
    assertShape(callbacks()[0], 'ratiba.callback.failure')
    assert.equal(headerOf(callbacks()[0]).responseCode, code)
  })
}

test('a payer has one order of a name', async () => {
  const { simulator, callbacks, ask, phone } = shop()
  await ask()
  phone.approve()
  await ask()
  await simulator.settled()
  assert.equal(headerOf(callbacks()[1]).responseCode, '1050')
})

test('a name, real dates, and a frequency that the generation knows are needed', async () => {
  const { ask } = shop()
  for (const [changes, field] of [
    [{ StandingOrderName: '' }, 'StandingOrderName'],
    [{ StartDate: '20260231' }, 'StartDate'],
    [{ EndDate: '20241220' }, 'EndDate'],
    [{ TransactionType: 'Standing Order Customer Pay Bill', Frequency: '9' }, 'Frequency'],
  ] as const) {
    assert.equal((await ask(changes)).body.errorMessage, `Bad Request - Invalid ${field}`)
  }
  assert.equal((await ask({ StandingOrderName: undefined, StandingOrderNameName: 'Rent' })).status, 200)
})
