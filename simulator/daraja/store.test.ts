import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay, password, post } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
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

test('a till is asked for by its own store, and in its own way', async () => {
  const { simulator, codes } = merchant()
  simulator.organisations.set(till.shortcode, { type: 'till', store: till.store })
  const sell = async (shortcode: string, TransactionType: string, PartyB = till.shortcode) => {
    const Password = password('20261120201505', shortcode)
    const { answer } = await askToPay(simulator, { BusinessShortCode: shortcode, PartyB, TransactionType, Password })
    await simulator.settled()
    return answer.errorMessage ?? codes().at(-1)
  }
  assert.equal(await sell(till.store, 'CustomerBuyGoodsOnline'), 0)
  assert.equal(await sell(till.shortcode, 'CustomerBuyGoodsOnline'), 'Merchant does not exist')
  assert.equal(await sell('7001002', 'CustomerBuyGoodsOnline'), 'SFC_IC0003')
  assert.equal(await sell(till.store, 'CustomerPayBillOnline'), 2028)
  simulator.organisations.set('5551002', { type: 'till' })
  assert.equal(await sell('5551002', 'CustomerPayBillOnline', '5551002'), 2028)
})
