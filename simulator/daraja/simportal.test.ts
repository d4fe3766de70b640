import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { assertShape } from '../testing/recordings.ts'

type Answer = { header: Record<string, unknown>; body: unknown }

/** A fleet with one SIM card. */
async function fleet() {
  const { simulator } = merchant()
  const tracker = { msisdn: '0110000000', vpnGroup: 'trucks', username: 'fleet' }
  const ask = async (operation: string, changes: Record<string, unknown> = {}) => {
    const { status, body } = await post(simulator, `/simportal/v1/${operation}`, { ...tracker, ...changes })
    return { status, ...(body as unknown as Answer) }
  }
  await ask('simactivation')
  return { ask }
}

test('a SIM card is suspended, renamed, listed and counted', async () => {
  const { ask } = await fleet()
  await ask('suspend_unsuspend_sub', { product: 'data', operation: 'suspend' })
  await ask('renameasset', { assetName: 'KDA 123A' })
  const state = await ask('queryLifeCycleStatus')
  assert.deepEqual(state.body, { msisdn: '0110000000', status: 'Suspended' })
  const all = await ask('allsims', { vpnGroup: ['trucks'], startAtInde: 0, pageSize: 10 })
  assert.equal((all.body as { assetName: string }[])[0]?.assetName, 'KDA 123A')
  const trends = await ask('getactivationtrends', { startDate: '2026-11-01', stopDate: '2026-11-30' })
  assert.deepEqual(trends.body, [{ date: '2026-11-20', count: 1 }])
})

test('messages are sent, found and deleted', async () => {
  const { ask } = await fleet()
  await ask('sendsinglemessage', { message: 'locate' })
  for (const [operation, changes] of [
    ['getallmessages', {}],
    ['searchmessages?pageNo=1&pageSize=10', { searchValue: 'loc' }],
    ['filtermessages', { startDate: '2026-11-20', endDate: '2026-11-20', status: 'SENT' }],
  ] as const) {
    assert.equal(((await ask(operation, changes)).body as unknown[]).length, 1, operation)
  }
  await ask('deleteMessageThread')
  assert.equal((await ask('getallmessages')).header.responseMessage, 'No records were found')
})

test('failures keep to the envelope, whatever their status', async () => {
  const { ask } = await fleet()
  for (const [operation, changes, status, message] of [
    ['querycustomerinfo', { vpnGroup: 'cars' }, 400, 'Bad Request - Kindly use your own vpnGroup'],
    ['querycustomerinfo', { username: 'wrong' }, 401, 'User not permitted to carry out operation'],
    ['deletemessage', { id: 'none' }, 200, 'No records were found'],
    ['querycustomerinfo', { msisdn: undefined }, 200, 'Operation Failed'],
    ['filtermessages', {}, 500, 'Failed to execute the ExtractVariables: EV-FilterMessages'],
  ] as const) {
    const { status: found, ...body } = await ask(operation, changes)
    assert.deepEqual([found, body.header.responseMessage], [status, message])
    assertShape(body, 'iot.refused')
  }
})
