import assert from 'node:assert/strict'
import { test } from 'node:test'
import { post } from '../testing/daraja.ts'
import { operator, parametersOf } from '../testing/operator.ts'

const till = { shortcode: '5551001', store: '7001001' }

test('a till is spoken for by its store: its confirmation, records, balance and reversals', async () => {
  const { simulator, callbacks, resultOf } = operator()
  simulator.organisations.set(till.shortcode, { type: 'till', store: till.store })
  await post(simulator, '/mpesa/c2b/v2/registerurl', {
    ShortCode: till.store,
    ResponseType: 'Completed',
    ConfirmationURL: 'https://shop.example/confirm',
    ValidationURL: 'https://shop.example/validate',
  })
  const paid = await simulator.phones.get('0712345678').pay({ shortcode: till.shortcode, amount: 200 })
  await simulator.settled()
  assert.ok(paid.status === 'paid')
  const { TransID, TransactionType } = callbacks().at(-1) as Record<string, string>
  assert.deepEqual([TransID, TransactionType], [paid.receipt, 'Buy Goods'])

  const { body } = await post(simulator, '/pulltransactions/v1/query', {
    ShortCode: till.store,
    StartDate: '2026-11-20 00:00:00',
    EndDate: '2026-11-21 00:00:00',
    OffSetValue: '0',
  })
  assert.equal((body.Response as { transactionId: string }[][])[0]?.[0]?.transactionId, paid.receipt)
  const balance = new Map(parametersOf(await resultOf('balance', { PartyA: till.store }))).get('AccountBalance')
  assert.match(String(balance), /^Merchant Account\|KES\|200\.00/)
  const asked = { ReceiverParty: till.store, TransactionID: paid.receipt }
  assert.equal((await resultOf('reversal', { ...asked, ReceiverParty: '7001002' })).ResultCode, 'R000002')
  assert.equal((await resultOf('reversal', asked)).ResultCode, 0)
})
