import assert from 'node:assert/strict'
import { test } from 'node:test'
import { county } from '../../testing/county.ts'
import type { County } from '../../testing/county.ts'
import { examine } from './examine.ts'

async function found({ context }: County, words: string, ask = false) {
  const findings = (await examine(context, { ask })).filter(({ name }) => name.includes(words))
  assert.equal(findings.length, 1, words)
  return findings[0]!
}

test('the doctor tries what eCitizen gave, hears whether it notifies, and knows the bills that nobody pays', () =>
  county({}, async (told) => {
    const keys = 'eCitizen takes the credentials'
    assert.equal((await found(told, keys)).state, 'unknown', 'nobody is asked without --ask')
    assert.equal((await found(told, keys, true)).state, 'ok')
    assert.equal((await found(told, 'payers come back from eCitizen')).state, 'ok')
    const heard = 'notifications of eCitizen'
    assert.equal((await found(told, heard)).state, 'unknown')

    told.simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1 }] })
    for (let bill = 0; bill < 3; bill++) {
      const { provider_ref } = await told.bill()
      await told.payAtPaybill(105, provider_ref)
      await told.advance('2 minutes')
      await told.sweep('checks')
    }
    const silent = await found(told, heard)
    assert.equal(silent.state, 'fix')
    assert.match(silent.examples[0]!, /^Client 588 with service 48798 \(simulator\): none came for 3 bills/)

    told.simulator.faults.set({ rules: [] })
    const { provider_ref } = await told.bill()
    await told.payAtPaybill(105, provider_ref)
    await told.advance('1 s')
    assert.equal((await found(told, heard)).state, 'ok')

    const waits = 'no bill at eCitizen waits'
    await told.sweep('checks')
    await told.bill()
    assert.equal((await found(told, waits)).state, 'ok')
    await told.advance('8 days')
    assert.match(
      (await found(told, waits)).examples[0]!,
      /1 bill has not been paid for a week, the oldest since 2026-11-20/,
    )

    const pesaflow = { env: 'simulator', api_client_id: '588', service_id: '48798', api_key: 'other' }
    await told.call('PUT', '/v1/merchant/providers/pesaflow', { pesaflow })
    assert.match((await found(told, keys, true)).examples.join(' '), /Pesaflow gives no access token for them/)
  }))

test('a second service of eCitizen is added beside the first, named, changed, and made the default', () =>
  county({}, async (told) => {
    const pesaflow = { env: 'simulator', api_client_id: '588', service_id: '50001' }
    const keys = { api_key: 'simulator-key', secret: 'simulator-secret' }
    const add = (body: object) => told.call('POST', '/v1/merchant/accounts', body)
    const court = await add({ provider: 'pesaflow', name: 'Court', pesaflow: { ...pesaflow, ...keys } })
    assert.deepEqual([court.status, court.body.data.name, court.body.data.is_default], [201, 'Court', false])
    const again = await add({ provider: 'pesaflow', pesaflow: { ...pesaflow, ...keys } })
    assert.deepEqual([again.status, again.body.error.param], [409, 'pesaflow.service_id'])
    assert.deepEqual((await add({ provider: 'pesaflow' })).body.error.param, 'pesaflow')
    assert.deepEqual(
      (await add({ provider: 'mpesa', pesaflow: { ...pesaflow, ...keys } })).body.error.param,
      'pesaflow',
    )
    await told.bill({ account: 'Court' })

    const change = (body: object) => told.call('PATCH', `/v1/merchant/accounts/${court.body.data.id}`, body)
    const changed = await change({ is_default: true, pesaflow: { ipn_recipe: 'A' } })
    assert.deepEqual(
      [changed.status, changed.body.data.is_default, changed.body.data.config_summary.ipn_recipe],
      [200, true, 'A'],
    )
    assert.deepEqual((await change({ mpesa: { passkey: 'x' } })).body.error.param, 'mpesa')
    const { id } = await told.bill()
    assert.equal((await told.payment(id)).account, court.body.data.id)
  }))
