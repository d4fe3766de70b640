import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'
import { ask, operator } from '../testing/operator.ts'

/** A shop with one payment by prompt and, an hour later, one by hand. */
async function scene() {
  const told = merchant()
  const { simulator, clock } = told
  simulator.organisations.set('174379', { name: 'Duka, Bora' })
  await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 1500, AccountReference: 'INV-1' })
  simulator.phones.get('0712345678').approve()
  await clock.advance('1 hour')
  await simulator.phones.get('0799000120').pay({ shortcode: '174379', amount: 50, reference: 'say "hi"' })
  const [second, first] = simulator.ledger.entries.map(({ receipt }) => receipt).toReversed()
  return { simulator, first, second }
}

test('the statement has the columns of the portal, what it states above them, and every movement, newest first', async () => {
  const { simulator, first, second } = await scene()
  const response = await simulator.fetch('/_/statement.csv?shortcode=174379')
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=UTF-8')
  assert.deepEqual((await response.text()).split('\r\n'), [
    'Account Holder:,"Duka, Bora"',
    'Short Code:,174379',
    'Account:,Utility Account',
    'Time Period:,From,20-11-2026 00:00:00,To,20-11-2026 21:15:05',
    'Operator:,simulator,Organization:,"Duka, Bora",Date of Report:,20-11-2026 21:15:05',
    'Opening Balance:,100000.00,Closing Balance:,101550.00,Available Balance:,101550.00,Total Paid In:,1550.00,Total Withdrawn:,0.00',
    'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.',
    `${second},20-11-2026 21:15:05,20-11-2026 21:15:05,"Pay Bill from 254799000120 - Otieno Ouma Acc. say ""hi""",Completed,50.00,,101550.00,true,Pay Bill,254799000120 - Otieno Ouma,,"say ""hi"""`,
    `${first},20-11-2026 20:15:05,20-11-2026 20:15:05,Pay Bill Online from 254712345678 - Amina Hassan Acc. INV-1,Completed,1500.00,,101500.00,true,Pay Bill Online,254712345678 - Amina Hassan,,INV-1`,
    '',
  ])
})

test('the short layout and that of years ago have their own columns, amounts and times', async () => {
  const { simulator, first } = await scene()
  const lines = async (query: string) =>
    (await (await simulator.fetch(`/_/statement.csv?${query}`)).text()).split('\r\n')
  const seven = await lines('layout=seven&separator=;')
  assert.equal(seven[0], 'Statement for 174379')
  assert.deepEqual(seven.slice(2, 3), [
    'Receipt No.;Completion Time;Details;Transaction Status;Paid In;Withdrawn;Balance',
  ])
  assert.equal(
    seven[4],
    `${first};20/11/2026 20:15:05;Pay Bill Online from 254712345678 - Amina Hassan Acc. INV-1;Completed;1,500.00;0.00;101,500.00`,
  )
  const old = await lines('layout=old')
  assert.match(old[5]!, /^Receipt,Date,Details,Status,Withdrawn,Paid In,/)
  assert.match(old[7]!, /^\w{10},2026-11-20 20:15:05,.*,Completed,,1500\.00,101500\.00,/)
})

test('the report of a head office has nothing above its list, and what M-PESA takes for a payout is a line of its own', async () => {
  const { simulator } = operator()
  simulator.organisations.set('600979', { name: 'Westlands', payout_charge: 5.5 })
  await ask(simulator, 'b2c', { PartyA: '600979', PartyB: '254712345678', Amount: '100' })
  await simulator.settled()
  const text = await (await simulator.fetch('/_/statement.csv?layout=tills&shortcode=600979')).text()
  const { receipt } = simulator.ledger.entries[0]!
  assert.deepEqual(text.split('\r\n'), [
    'STORE_NAME,RECEIPT_NUMBER,TRANSACTION_DATE,TRANSACTION_TYPE,CREDIT_AMOUNT,DEBIT_AMOUNT,TRANSACTION_STATUS,OTHER_PARTY,BILL_REF_NUMBER,LINKED_RECEIPT',
    `Westlands,${receipt},2026-11-20 20:15:05,Business Payment Charge,,5.5,SUCCESS,254712345678 - Amina Hassan,,`,
    `Westlands,${receipt},2026-11-20 20:15:05,Business Payment to Customer via API,,100,SUCCESS,254712345678 - Amina Hassan,,`,
    '',
  ])
  assert.equal(simulator.ledger.balances()['600979']!['Utility Account'], 100_000 - 105.5)
  assert.throws(() => simulator.organisations.set('600979', { payout_charge: -1 }), /shillings, 0 or more/)
})

test('a statement comes in the encodings of Windows too, and as a workbook', async () => {
  const { simulator } = await scene()
  simulator.organisations.set('174379', { name: 'Café “Bora” – 5 €' })
  const bytes = async (path: string) => Buffer.from(await (await simulator.fetch(`/_/${path}`)).arrayBuffer())
  const decoded = async (encoding: string, label: string) =>
    new TextDecoder(label).decode(await bytes(`statement.csv?encoding=${encoding}`))
  const text = await decoded('utf-8', 'utf-8')
  assert.match(text, /Café “Bora” – 5 €/)
  assert.equal(await decoded('cp1252', 'windows-1252'), text)
  assert.equal(await decoded('utf-16', 'utf-16le'), text)
  assert.deepEqual((await bytes('statement.csv?encoding=utf-8-bom')).subarray(0, 3), Buffer.from('\uFEFF'))
  const workbook = await bytes('statement.xlsx?layout=seven')
  assert.equal(workbook.subarray(0, 2).toString(), 'PK')
  assert.ok(workbook.includes('xl/worksheets/sheet1.xml'))
  for (const query of ['statement.csv?encoding=morse', 'statement.csv?layout=round', 'statement.xlsx?layout=round']) {
    const refused = await simulator.fetch(`/_/${query}`)
    assert.equal(refused.status, 400)
    assert.match(((await refused.json()) as { error: string }).error, /Write one of/)
  }
})

test('a statement can be of some days only, by the clock of Nairobi', async () => {
  const { simulator, clock } = merchant()
  await askToPay(simulator, { Amount: 1 })
  await simulator.settled()
  await clock.advance('4 hours')
  await askToPay(simulator, { Amount: 2 })
  await simulator.settled()
  const receipts = async (query: string) => {
    const text = await (await simulator.fetch(`/_/statement.csv?${query}`)).text()
    return text.split('\r\n').slice(7, -1).length
  }
  assert.equal(await receipts('from=2026-11-20&to=2026-11-20'), 1)
  assert.equal(await receipts('from=2026-11-21'), 1)
  assert.equal(await receipts('to=2026-11-20T21:15:05Z'), 2)
  assert.equal(await receipts('shortcode=600000'), 0)
  const bad = await simulator.fetch('/_/statement.csv?from=yesterday')
  assert.equal(bad.status, 400)
  assert.match(((await bad.json()) as { error: string }).error, /yesterday is no time/)
})
