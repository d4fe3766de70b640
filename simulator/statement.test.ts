import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askToPay } from './testing/daraja.ts'
import { merchant } from './testing/merchant.ts'

test('the statement has the columns of the portal, a preamble, and every movement, newest first', async () => {
  const { simulator, clock } = merchant()
  simulator.organisations.set('174379', { name: 'Duka, Bora' })
  await askToPay(simulator, { PhoneNumber: '254712345678', Amount: 100, AccountReference: 'INV-1' })
  simulator.phones.get('0712345678').approve()
  await clock.advance('1 hour')
  await simulator.phones.get('0799000120').pay({ shortcode: '174379', amount: 50, reference: 'say "hi"' })
  const [second, first] = simulator.ledger.entries.map(({ receipt }) => receipt).toReversed()

  const response = await simulator.fetch('/_/statement.csv?shortcode=174379')
  assert.equal(response.headers.get('content-type'), 'text/csv; charset=UTF-8')
  assert.deepEqual((await response.text()).split('\r\n'), [
    'Organization Account Statement',
    'Organization Name:,"Duka, Bora"',
    'Short Code:,174379',
    'Account:,Utility Account',
    'Time Period:,From the beginning To now',
    'Opening Balance:,100000.00',
    'Closing Balance:,100150.00',
    '',
    'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Other Party Info,Reason Type,Linked Transaction ID,A/C No.',
    `${second},20-11-2026 21:15:05,20-11-2026 21:15:05,"Pay Bill from 254799000120 - Otieno Ouma Acc. say ""hi""",Completed,50.00,,100150.00,254799000120 - Otieno Ouma,Pay Bill,,"say ""hi"""`,
    `${first},20-11-2026 20:15:05,20-11-2026 20:15:05,Pay Bill Online from 254712345678 - Amina Hassan Acc. INV-1,Completed,100.00,,100100.00,254712345678 - Amina Hassan,Pay Bill Online,,INV-1`,
    '',
  ])
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
    return text.split('\r\n').slice(9, -1).length
  }
  assert.equal(await receipts('from=2026-11-20&to=2026-11-20'), 1)
  assert.equal(await receipts('from=2026-11-21'), 1)
  assert.equal(await receipts('to=2026-11-20T21:15:05Z'), 2)
  assert.equal(await receipts('shortcode=600000'), 0)
  const bad = await simulator.fetch('/_/statement.csv?from=yesterday')
  assert.equal(bad.status, 400)
  assert.match(((await bad.json()) as { error: string }).error, /yesterday is no time/)
})
