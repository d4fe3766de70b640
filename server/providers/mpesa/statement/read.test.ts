import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StatementOptions } from '../../statement.ts'
import { readStatement } from './read.ts'

const columns =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'
const top = 'Short Code:,600123\r\n'

type Written = Partial<
  Record<
    | 'receipt'
    | 'at'
    | 'details'
    | 'status'
    | 'paidIn'
    | 'withdrawn'
    | 'balance'
    | 'reason'
    | 'party'
    | 'linked'
    | 'account',
    string
  >
>

const quote = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** A line in the portal's thirteen columns; a payment of 10 shillings unless told otherwise. */
function line(written: Written = {}): string {
  const withdrawn = written.withdrawn ?? ''
  const { receipt = 'UKK7X2M4QA', at = '20-11-2026 14:32:08', details = 'Pay Bill', status = 'Completed' } = written
  const { paidIn = withdrawn === '' ? '10.00' : '', balance = '', reason = 'Pay Bill' } = written
  const { party = '254712345678 - AMINA', linked = '', account = 'X' } = written
  return [receipt, at, at, details, status, paidIn, withdrawn, balance, 'true', reason, party, linked, account]
    .map(quote)
    .join(',')
}

const file = (...lines: string[]) => `${top}${columns}\r\n${lines.join('\r\n')}\r\n`

const read = (content: string | Buffer, options: Partial<StatementOptions> = {}) =>
  readStatement(Buffer.from(content as string), { merchant_id: 'm', own: ['600123'], ...options })

const readOne = async (written: Written) => (await read(file(line(written)))).records[0]!

test('a line is read by the names of its columns, in Nairobi time, whatever stands above them', async () => {
  const { statement, records } = await read(
    `\uFEFFOrganization Account Statement\r\n${file(line({ details: 'Pay Bill Online from 254712345678 - Amina', paidIn: '1,500.00', reason: 'Pay Bill Online', party: '254712345678 - Amina Hassan', account: 'INV-204' }))}`,
  )
  assert.deepEqual(statement.shortcodes, ['600123'])
  const { raw, ...record } = records[0]!
  assert.match(raw, /UKK7X2M4QA/)
  assert.deepEqual(record, {
    kind: 'payment',
    money: 'stk',
    direction: 'in',
    receipt: 'UKK7X2M4QA',
    amount_cents: 150_000,
    phone: '254712345678',
    phone_masked: null,
    phone_hash: null,
    shortcode: null,
    payer_name: 'Amina Hassan',
    reference: 'INV-204',
    type: 'Pay Bill Online',
    linked_receipt: null,
    at: new Date('2026-11-20T11:32:08Z'),
    at_or: [],
    line: 4,
    problem: null,
  })
})

const layouts: [what: string, text: string][] = [
  ['the thirteen columns', `${columns}\n${line({ paidIn: '1,500.00', account: 'INV-1' })}`],
  [
    'another order',
    'Balance,A/C No.,Paid In,Withdrawn,Transaction Status,Other Party Info,Completion Time,Receipt No.\n1,INV-1,1500,,Completed,254712345678 - AMINA,20-11-2026 14:32:08,UKK7X2M4QA',
  ],
  [
    'the seven columns',
    'Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\nUKK7X2M4QA,20-11-2026 14:32:08,Pay Bill from 254712345678 - AMINA Acc. INV-1,Completed,1500.00,0.00,1500.00',
  ],
  [
    'amounts headed with their currency',
    'Receipt No,Completion Time,Details,Transaction Status,Paid In (KSHs),Withdrawn (KES)\nUKK7X2M4QA,20/11/2026 14:32:08,Pay Bill from 254712345678 - AMINA Acc. INV-1,Completed,"1,500.00",0.00',
  ],
  [
    'the old columns',
    'Receipt,Date,Details,Status,Withdrawn,Paid In,Balance\nUKK7X2M4QA,2026-11-20 14:32:08,Pay Bill from 254712345678 - AMINA Acc. INV-1,Completed,,1500.00,1500.00',
  ],
  [
    'the columns of a head office',
    'STORE_NAME,RECEIPT_NUMBER,TRANSACTION_DATE,TRANSACTION_TIME,CREDIT_AMOUNT,STATUS,MSISDN,CUSTOMER_NAME,BILL_REF_NUMBER\nWestlands,UKK7X2M4QA,20-11-2026,14:32:08,1500,SUCCESS,254712345678,AMINA,INV-1',
  ],
  [
    'semicolons',
    'sep=;\nReceipt No.;Completion Time;Details;Transaction Status;Paid In;Withdrawn\nUKK7X2M4QA;20-11-2026 14:32:08;Pay Bill from 254712345678 - AMINA Acc. INV-1;Completed;1,500.00;',
  ],
  [
    'tabs',
    'Receipt No.\tCompletion Time\tDetails\tTransaction Status\tPaid In\tWithdrawn\nUKK7X2M4QA\t20-11-2026 14:32:08\tPay Bill from 254712345678 - AMINA Acc. INV-1\tCompleted\t1,500.00\t',
  ],
  [
    'quotes around all',
    '"Receipt No.","Completion Time","Details","Transaction Status","Paid In","Withdrawn"\n"=""ukk7x2m4qa""","20-11-2026\n14:32:08","Pay Bill from 254712345678 - AMINA Acc. INV-1","Completed","1,500.00",""',
  ],
]

for (const [what, text] of layouts) {
  test(`with ${what} the same payment is read`, async () => {
    const { records } = await read(`${top}\r\n${text}\n`)
    const { kind, direction, receipt, amount_cents, phone, payer_name, reference, at, problem } = records[0]!
    assert.equal(problem, null)
    assert.deepEqual(
      [records.length, kind, direction, receipt, amount_cents, phone, payer_name, reference, at?.toISOString()],
      [1, 'payment', 'in', 'UKK7X2M4QA', 150_000, '254712345678', 'AMINA', 'INV-1', '2026-11-20T11:32:08.000Z'],
    )
  })
}

const encodings: [what: string, encode: (text: string) => Buffer][] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ['Windows-1252', (text) => Buffer.from(text, 'latin1')],
  ['UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16, the big end first', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ['UTF-16 without a mark', (text) => Buffer.from(text, 'utf16le')],
]

for (const [what, encode] of encodings) {
  test(`a name with an accent is read from ${what}`, async () => {
    const { records } = await read(encode(file(line({ party: '254712345678 - ZOË ÑANDÚ' }))))
    assert.equal(records[0]!.payer_name, 'ZOË ÑANDÚ')
  })
}

const kinds: [written: Written, kind: string, direction: string, linked?: string | null][] = [
  [{ reason: 'Pay Bill', account: 'SCHOOL FEES' }, 'payment', 'in'],
  [{ reason: '', details: 'Pay Bill from 254712345678 - AMINA Acc. REVERSE GEAR', account: '' }, 'payment', 'in'],
  [{ reason: '', details: 'Pay Bill from 254712345678 - FEES SETTLEMENT LTD Acc. 1' }, 'payment', 'in'],
  [{ reason: '', details: 'Customer Payment - REVERSAL CHARGES - 254712345678' }, 'payment', 'in'],
  [{ party: '' }, 'payment', 'in'],
  [{ party: '', reason: 'Organization To Organization Transfer' }, 'payment', 'in'],
  [{ party: '600999 - MILL', reason: 'Business Pay Bill via API' }, 'payment', 'in'],
  [{ party: '600999 - MILL', reason: 'Organization To Organization Transfer' }, 'payment', 'in'],
  [{ party: '600123 - DUKA', reason: 'Organization To Organization Transfer' }, 'transfer', 'in'],
  [{ reason: 'Standing Order Pay Bill' }, 'payment', 'in'],
  [{ reason: 'Pay Utility with OD via STK', linked: 'UKK7X2M4QZ' }, 'payment', 'in', 'UKK7X2M4QZ'],
  [{ reason: 'Pay Utility with OD via STK', party: '600123 - DUKA' }, 'payment', 'in'],
  [{ party: '', reason: 'Utility Account to Organization Settlement Account' }, 'transfer', 'in'],
  [{ reason: 'Business Payment Reversal', linked: 'UKK7X2M4QZ' }, 'reversal', 'in', 'UKK7X2M4QZ'],
  [{ withdrawn: '-10', reason: 'Business Payment to Customer via API' }, 'payout', 'out'],
  [{ withdrawn: '-10', reason: '', details: 'Business Payment to MARY CHARGES', party: '' }, 'payout', 'out'],
  [{ withdrawn: '10', reason: 'Business to Business Transfer via API', party: '600999 - MILL' }, 'payout', 'out'],
  [{ withdrawn: '-0.55', reason: 'Business Pay Bill Charge' }, 'charge', 'out'],
  [{ withdrawn: '-0.55', reason: 'Merchant fee' }, 'charge', 'out'],
  [{ withdrawn: '-0.55', reason: 'Pay Utility', details: 'Pay Bill Charge', party: 'SP' }, 'charge', 'out'],
  [{ withdrawn: '-0.55', reason: 'Pay Bill Reversal Charge' }, 'charge', 'out'],
  [{ withdrawn: '-4000', reason: 'Withdraw Funds to Bank', party: 'KCB BANK' }, 'transfer', 'out'],
  [{ withdrawn: '-4000', reason: 'Organization Settlement', party: '100200 - BANK' }, 'transfer', 'out'],
  [{ withdrawn: '-4000', reason: '', details: 'Agency Withdrawal of funds to Bank', party: '' }, 'transfer', 'out'],
  [{ withdrawn: '-4000', reason: 'Business Transfer from Utility to MMF', party: '600123 - DUKA' }, 'transfer', 'out'],
  [{ withdrawn: '-4000', reason: 'OD Loan Repayment', party: '' }, 'transfer', 'out'],
  [{ withdrawn: '-10', reason: 'Pay Bill Reversal', linked: 'ukk7x2m4qz' }, 'reversal', 'out', 'UKK7X2M4QZ'],
  [
    { withdrawn: '-10', reason: 'Pay Bill Reversal', details: 'Pay Bill Reversal of transaction UKK7X2M4QZ' },
    'reversal',
    'out',
    'UKK7X2M4QZ',
  ],
  [
    { withdrawn: '-10', reason: 'Pay Bill Reversal', details: 'Original Transaction ID: UKK7X2M4QZ' },
    'reversal',
    'out',
    'UKK7X2M4QZ',
  ],
  [
    { withdrawn: '-10', reason: 'Refund', details: 'To 254712345678 - A; first receipt UKK7X2M4QZ' },
    'reversal',
    'out',
    'UKK7X2M4QZ',
  ],
  [
    {
      withdrawn: '-10',
      reason: '',
      details: 'Refund to 254712345678 - AMINA for receipt no. ukk7x2m4qz',
      party: '',
      account: '',
    },
    'reversal',
    'out',
    'UKK7X2M4QZ',
  ],
  [{ withdrawn: '-10', reason: 'Transaction Rollback', linked: "'ukk7x2m4qz" }, 'reversal', 'out', 'UKK7X2M4QZ'],
  [{ reason: 'Pay Bill with Fuliza' }, 'payment', 'in'],
  [{ reason: 'M-PESA Ratiba Standing Order Pay Bill', linked: 'UKK7X2M4QZ' }, 'payment', 'in', 'UKK7X2M4QZ'],
  [{ reason: 'Loan Repayment' }, 'payment', 'in'],
  [{ withdrawn: '-10', reason: 'Salary Payment', party: '254712345678 - JOHN FEE' }, 'payout', 'out'],
  [{ withdrawn: '-10', reason: 'Business Pay Bill', party: '300300 - SETTLEMENT BANK' }, 'payout', 'out'],
  [{ withdrawn: '-10', reason: 'Auto Sweep to Bank', party: 'NCBA' }, 'transfer', 'out'],
  [{ withdrawn: '-10', reason: 'Pay Bill Reversal', details: 'UKK7X2M4QZ or UKK7X2M4QY' }, 'reversal', 'out', null],
  [
    { withdrawn: '-10', reason: 'Pay Bill Reversal', details: 'Reversal to 254712345678 - A Acc. UKK7X2M4QZ' },
    'reversal',
    'out',
    null,
  ],
  [{ withdrawn: '-10', reason: 'Correction', linked: 'UKK7X2M4QZ' }, 'reversal', 'out', 'UKK7X2M4QZ'],
  [{ withdrawn: '-10', reason: 'Salary Payment', linked: 'null' }, 'payout', 'out', null],
]

for (const [written, kind, direction, linked = null] of kinds) {
  const { reason, details, party = 'a phone', account } = written
  test(`"${reason || details}" of ${party || 'nobody shown'}${account ? ` for ${account}` : ''} is a ${kind}, ${direction}`, async () => {
    const record = await readOne(written)
    assert.deepEqual(
      [record.kind, record.direction, record.linked_receipt, record.problem],
      [kind, direction, linked, null],
    )
  })
}

const unreadable: [what: string, text: string, problem: RegExp][] = [
  ['a decimal comma', line({ paidIn: '1500,00' }), /Paid In "1500,00" is no amount/],
  ['a receipt that Excel made a number', line({ receipt: '1.23E+09' }), /Receipt No\. "1.23E\+09" is no receipt/],
  ['a state of which nobody knows whether money moved', line({ status: 'Reversed' }), /"Reversed" is no state/],
  [
    'an amount with a comma and no quotes',
    line({ paidIn: '#' }).replace('#', '1,500.00'),
    /Line 3: it has 14 cells, and the list has 13 columns.*comma/,
  ],
  ['a comma in a name without quotes', line({ party: '254712345678 - DUKA# BORA' }).replace('#', ','), /14 cells/],
  ['an amount that is none', line({ paidIn: '1,50' }), /Paid In "1,50" is no amount/],
  ['a withdrawal that is none', line({ withdrawn: 'ten' }), /Withdrawn "ten" is no amount/],
  ['money in and out at once', line({ paidIn: '1', withdrawn: '500.00' }), /1 paid in and 500.00 withdrawn/],
  ['no amount', line({ paidIn: '-' }), /no amount stands in it/],
  ['money paid in below 0', line({ paidIn: '-10' }), /Paid In "-10" is below 0/],
  ['a month that is none', line({ at: '11/20/2026 14:32' }), /Completion Time "11\/20\/2026 14:32" is no time/],
  ['no receipt', line({ receipt: '' }), /Receipt No\. "" is no receipt/],
  ['a state that nobody knows', line({ status: 'Perhaps' }), /Transaction Status "Perhaps" is no state/],
  ['no state', line({ status: '' }), /Transaction Status "" is no state/],
  [
    'cells one place to the left',
    line().replace(',Pay Bill,Completed', ',Completed'),
    /"Pay Bill" is neither true nor false/,
  ],
  [
    'cells one place to the right',
    line({ withdrawn: '#' })
      .replace('#', '-1,500.00')
      .replace(/,[^,]*,[^,]*$/, ''),
    /Reason Type is "true": the cells are not under their columns/,
  ],
  ['a quote that swallows the rest', line({ details: '#' }).replace('#', `"${'x'.repeat(1_200)}`), /no end.*quote/],
]

for (const [what, text, problem] of unreadable) {
  test(`a line with ${what} is unreadable, and so is nothing beside it`, async () => {
    const { statement, records } = await read(file(text, line({ receipt: 'UKK7X2M4QB', at: '20-11-2026 10:00:00' })))
    assert.deepEqual([records.length, statement.unreadable, statement.ignored], [2, 1, 0])
    const broken = records.find((record) => record.problem)!
    assert.match(broken.problem!, problem)
    assert.deepEqual([broken.kind, broken.direction, broken.amount_cents], ['unknown', null, null])
    assert.equal(records.find((record) => !record.problem)!.receipt, 'UKK7X2M4QB')
  })
}

test('an opening quote that is never closed swallows no line after it', async () => {
  const { records } = await read(
    file(
      line({ details: '#' }).replace('#', '"Pay Bill'),
      line({ receipt: 'UKK7X2M4QB', paidIn: '1,500.00' }),
      line({ receipt: 'UKK7X2M4QC' }),
    ),
  )
  assert.deepEqual(records.map(({ receipt }) => receipt).toSorted(), ['UKK7X2M4QA', 'UKK7X2M4QB', 'UKK7X2M4QC'])
})

test('a cell may have line breaks in it, and commas beside them', async () => {
  const broken = line({
    details: 'Pay Bill from\n254712345678 - AMINA,\nHASSAN, JR, LTD Acc. INV-1',
    party: '254712345678 -\nAMINA',
    account: '',
  })
  const { records } = await read(file(broken, line({ receipt: 'UKK7X2M4QB' })))
  assert.deepEqual(
    records.map(({ receipt, payer_name, reference, problem }) => [receipt, payer_name, reference, problem]).toSorted(),
    [
      ['UKK7X2M4QA', 'AMINA', 'INV-1', null],
      ['UKK7X2M4QB', 'AMINA', 'X', null],
    ],
  )
})

test('where one date has the month before the day, none of its form that could be read both ways is certain', async () => {
  const { records } = await read(
    file(
      line({ receipt: 'UKK7X2M4Q1', at: '11/20/2026 14:32' }),
      line({ receipt: 'UKK7X2M4Q2', at: '11/12/2026 14:32' }),
      line({ receipt: 'UKK7X2M4Q3', at: '11/11/2026 14:32' }),
      line({ receipt: 'UKK7X2M4Q4', at: '20/11/2026 14:32' }),
      line({ receipt: 'UKK7X2M4Q5', at: '11-12-2026 14:32:00' }),
    ),
  )
  const times = records.map(({ receipt, at, problem }) => `${receipt!.slice(-1)} ${at?.toISOString() ?? problem}`)
  assert.match(
    times.find((text) => text.startsWith('2'))!,
    /Line 4: its date can be read in two ways, and line 3 has/,
  )
  assert.deepEqual(times.filter((text) => /^[345]/.test(text)).toSorted(), [
    '3 2026-11-11T11:32:00.000Z',
    '4 2026-11-20T11:32:00.000Z',
    '5 2026-12-11T11:32:00.000Z',
  ])
})

test('of a report on several tills, a line of one that is not ours is named, and none of its money is ours', async () => {
  const names = 'STORE_NAME,STORE_NUMBER,RECEIPT_NUMBER,TRANSACTION_DATE,CREDIT_AMOUNT,STATUS'
  const of = (store: string, receipt: string) => `WESTLANDS,${store},${receipt},2026-11-20 14:32:08,1500,SUCCESS`
  const { statement, records } = await read(
    [names, of('600123', 'UKK7X2M4QA'), of('600999', 'UKK7X2M4QB'), of('12', 'UKK7X2M4QC')].join('\n'),
  )
  assert.deepEqual(statement.own_parties, ['600123'], 'the lines show whose it is')
  const problems = records.map(({ receipt, problem }) => [receipt, problem]).toSorted()
  assert.deepEqual(problems, [
    ['UKK7X2M4QA', null],
    ['UKK7X2M4QB', 'Line 3: STORE_NUMBER "600999" is no short code of this merchant, whose are 600123.'],
    ['UKK7X2M4QC', null],
  ])
})

test('money of another currency is not read as shillings', async () => {
  const { records } = await read(`${top}${columns},Currency\n${line()},USD\n${line({ receipt: 'UKK7X2M4QB' })},KES\n`)
  assert.deepEqual(
    records.map(({ problem }) => problem && /USD/.test(problem)),
    [null, true],
  )
})

test('what M-Pesa says has not moved is counted and left out; what is written below a list is no line', async () => {
  const { statement, records } = await read(
    file(
      line({ receipt: 'UKK7X2M4Q1', status: 'Failed' }),
      line({ receipt: 'UKK7X2M4Q2', status: 'Declined: insufficient funds' }),
      line({ receipt: 'UKK7X2M4Q3', status: 'CANCELLED' }),
      line({ receipt: 'UKK7X2M4Q4', paidIn: '0.00' }),
      line(),
      'Disclaimer: for help dial *234#, or visit a shop, 24/7',
      'Total,,,,,10.00,,,,,,,',
      'Total Paid In: 10.00',
      'Report printed on,20-11-2026 15:00:00',
      'Closing Balance,20-11-2026 15:00:00,,,,110.00',
      'Page 1 of 2',
      'DISCLAIMER',
    ),
  )
  assert.deepEqual([records.length, statement.unreadable, statement.ignored], [1, 0, 11])
  assert.deepEqual(statement.unmoved_receipts, ['UKK7X2M4Q1', 'UKK7X2M4Q2', 'UKK7X2M4Q3', 'UKK7X2M4Q4'])
})

test('a list that does not say which lines failed is a question to whoever uploads it, and the answer is noted', async () => {
  const text = `${top}Receipt No.,Completion Time,Paid In,Withdrawn\nUKK7X2M4QA,20-11-2026 14:32:08,10,\n`
  await assert.rejects(read(text), {
    message: /no column "Transaction Status".*\?assume_completed=true/,
    param: 'assume_completed',
  })
  const { statement, records } = await read(text, { isAllCompleted: true })
  assert.equal(records[0]!.problem, null)
  assert.match(statement.notes[0]!, /who uploaded it says that all of its lines were completed/)
})

test('records come oldest first, and what takes money back after the money', async () => {
  const { records } = await read(
    file(
      line({ receipt: 'UKK7X2M4QB', at: '20-11-2026 15:00:00' }),
      line({ receipt: 'A1B2C3D4E5', withdrawn: '-10', reason: 'Pay Bill Reversal', linked: 'UKK7X2M4QA' }),
      line(),
    ),
  )
  assert.deepEqual(
    records.map(({ receipt }) => receipt),
    ['UKK7X2M4QA', 'A1B2C3D4E5', 'UKK7X2M4QB'],
  )
})

test('a line that stands twice is counted once, one receipt with two amounts is disputed, and a charge has the receipt of its payment', async () => {
  const { records } = await read(
    file(
      line(),
      line(),
      line({ receipt: 'UKK7X2M4QB' }),
      line({ receipt: 'UKK7X2M4QB', paidIn: '20.00' }),
      line({ withdrawn: '-0.55', reason: 'Pay Bill Charge' }),
    ),
  )
  assert.deepEqual(records.map(({ receipt, repeats }) => `${receipt} ${repeats}`).toSorted(), [
    'UKK7X2M4QA line',
    'UKK7X2M4QA undefined',
    'UKK7X2M4QA undefined',
    'UKK7X2M4QB receipt',
    'UKK7X2M4QB receipt',
  ])
})

const owners: [top: string, shortcodes: string[]][] = [
  ['Short Code:,556677', ['556677']],
  ['Short Code:,,556677', ['556677']],
  ['Short Code:,="556677"', ['556677']],
  ['Paybill,556677', ['556677']],
  ['PAYBILL NO: 556677', ['556677']],
  ['Paybill 556677', ['556677']],
  ['Till Number:,5566778', ['5566778']],
  ['Business Number: 556677', ['556677']],
  ['Our Pay Bill (M-PESA): 556677', ['556677']],
  ['M-PESA Short Code,556677', ['556677']],
  ['Short Code,Organization Name\n556677,DUKA', ['556677']],
  ['Short Code\n556677', ['556677']],
  ['Organization Name:,TILL 99999 TRADERS\nShort Code:,556677', ['556677']],
  ['Organization: SHOP 55555 SHORTCODE 556677', ['556677']],
  ['Parent Short Code:,111111,Short Code:,556677', ['556677']],
  ['Statement for 556677', ['556677']],
  ['M-PESA PAYBILL STATEMENT\n20261120', []],
  ['Organization Name:,DUKA 99999', []],
]

for (const [above, shortcodes] of owners) {
  test(`under ${JSON.stringify(above)} a statement is of ${shortcodes.join() || 'nobody that it names'}`, async () => {
    const { statement } = await read(`${above}\n\n${columns}\n${line()}\n`)
    assert.deepEqual(statement.shortcodes, shortcodes)
  })
}

test('a statement shows its owner by a movement between its own accounts, or by the name that the portal gave its file', async () => {
  const transfer = line({ withdrawn: '-9', reason: 'Business Transfer from Utility to MMF', party: '556677 - DUKA' })
  const { statement } = await read(`${columns}\n${transfer}\n`)
  assert.deepEqual([statement.shortcodes, statement.own_parties], [[], ['556677']])
  const name = 'Statements for 556677 from 2026-11-01 to 2026-11-30.csv'
  const named = (await read(`${columns}\n${line()}\n`, { name })).statement
  assert.deepEqual([named.shortcodes, named.period?.until.toISOString()], [['556677'], '2026-11-30T20:59:59.999Z'])
})

const periods: [top: string, from: string | undefined, until?: string][] = [
  [
    'Time Period:,From,01-11-2026 00:00:00,To,30-11-2026 23:59:59',
    '2026-10-31T21:00:00.000Z',
    '2026-11-30T20:59:59.999Z',
  ],
  ['Statement Period: 01/11/2026 - 30/11/2026', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['Time Period\n01-11-2026 00:00:00 - 30-11-2026 23:59:59', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['From: 01/11/2026 To: 30/11/2026', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['Transactions from 1st Nov 2026 to 30th Nov 2026', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['Money from DUKA to BORA', undefined],
  ['Time Period,01 Nov 2026,30 Nov 2026', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['From Date:,2026-11-01\nTo Date:,2026-11-30', '2026-10-31T21:00:00.000Z', '2026-11-30T20:59:59.999Z'],
  ['Time Period:,From the beginning To now', undefined],
  ['Time Period:,From,30-11-2026,To,01-11-2026', undefined],
]

for (const [above, from, until] of periods) {
  test(`${JSON.stringify(above)} is ${from ? 'November' : 'no period'}`, async () => {
    const { statement } = await read(`${above}\n${file(line())}`)
    assert.deepEqual([statement.period?.from.toISOString(), statement.period?.until.toISOString()], [from, until])
  })
}

const whole = [
  'Time Period:,From,20-11-2026 00:00:00,To,20-11-2026 23:59:59',
  'Opening Balance:,100.00,Closing Balance:,127.00,Total Paid In:,30.00,Total Withdrawn:,-3.00',
  columns,
  line({
    receipt: 'UKK7X2M4Q3',
    at: '20-11-2026 12:00:00',
    withdrawn: '-3.00',
    reason: 'Pay Bill Charge',
    balance: '127.00',
  }),
  line({ receipt: 'UKK7X2M4Q2', at: '20-11-2026 11:00:00', paidIn: '20.00', balance: '130.00' }),
  line({ receipt: 'UKK7X2M4Q1', at: '20-11-2026 10:00:00', paidIn: '10.00', balance: '110.00' }),
  'Total,,,,,30.00,-3.00,,,,,,',
].join('\r\n')

const contradictions: [what: string, change: [string, string], expected: RegExp[]][] = [
  [
    'a balance that does not follow',
    ['130.00', '135.00'],
    [/line 5: The balance 135.00 does not follow from line 6/, /line 4: The balance 127.00 does not follow/],
  ],
  [
    'an opening balance',
    ['Opening Balance:,100.00', 'Opening Balance:,90.00'],
    [
      /line 2: The opening balance 90.00 does not lead to/,
      /line 2: The opening balance 90.00 and the movements \+ 27.00 make 117.00, not the closing balance 127.00/,
    ],
  ],
  [
    'a closing balance',
    ['Closing Balance:,127.00', 'Closing Balance:,"5,000.00"'],
    [
      /line 2: The closing balance 5,000.00 is not the balance 127.00 of the last movement, in line 4/,
      /not the closing balance 5,000.00/,
    ],
  ],
  [
    'a total of what was paid in',
    ['Paid In:,30.00', 'Paid In:,50.00'],
    [/line 2: The total paid in is 50.00, and the lines make 30.00/],
  ],
  ['a total below the list', ['Total,,,,,30.00', 'Total,,,,,31.00'], [/line 7: The total paid in is 31.00/]],
  ['a total of what was withdrawn', ['Withdrawn:,-3.00', 'Withdrawn:,-4.00'], [/line 2: The total withdrawn is -4.00/]],
  [
    'a line outside of its period',
    ['20-11-2026 12:00:00,20-11-2026', '21-11-2026 12:00:00,20-11-2026'],
    [/line 4: Its time lies outside the period/],
  ],
]

test('a statement that agrees with itself is whole', async () => {
  const { statement } = await read(whole)
  assert.deepEqual([statement.disagreements, statement.is_whole], [[], true])
})

for (const [what, [from, to], expected] of contradictions) {
  test(`${what} that does not agree with the rest is named with its line`, async () => {
    assert.ok(whole.includes(from))
    const { statement } = await read(whole.replace(from, to))
    const named = statement.disagreements.map(({ line, message }) => `line ${line}: ${message}`)
    assert.equal(named.length, expected.length, named.join('\n'))
    for (const form of expected)
      assert.ok(
        named.some((text) => form.test(text)),
        `${form} in ${named.join('\n')}`,
      )
    assert.deepEqual([statement.disagreements_count, statement.is_whole], [expected.length, false])
  })
}

test('several labels in one cell are as good as each in its own', async () => {
  const above = '"Opening Balance: 100.00 Closing Balance: 5,000.00, Total Paid In: Ksh 30.00"'
  const { statement } = await read(whole.replace(/^Opening.*$/m, above))
  assert.deepEqual(
    statement.disagreements.map(({ line }) => line),
    [2, 2],
    'the closing balance alone does not agree',
  )
})

test('of many disagreements the first are named, and all are counted', async () => {
  const lines = Array.from({ length: 60 }, (_, index) =>
    line({
      receipt: `UKK7X2M4${String(index).padStart(2, '0')}`,
      at: `20-11-2026 14:${String(index).padStart(2, '0')}:00`,
      balance: '5.00',
    }),
  )
  const { statement } = await read(file(...lines))
  assert.deepEqual([statement.disagreements.length, statement.disagreements_count], [20, 59])
})

test('a line that cannot be read breaks the chain of balances and accuses no other, but the totals say so', async () => {
  const { statement } = await read(whole.replace(',20.00,', ',2O.00,'))
  assert.equal(statement.unreadable, 1)
  for (const { message } of statement.disagreements) assert.match(message, /1 line could not be read/)
})

const foreign: [what: string, content: Buffer, message: RegExp][] = [
  ['a cut-off workbook', Buffer.from('504b0304140006000800', 'hex'), /Excel file \(\.xlsx\) that cannot be opened/],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old Excel file \(\.xls\)/],
  ['a web page', Buffer.from('\r\n<html><table><tr><td>Receipt No.</td></tr></table></html>'), /HTML.*Excel/],
  [
    'a workbook of 2003',
    Buffer.from('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'),
    /Excel file of the year 2003/,
  ],
  ['a web page in UTF-16', Buffer.from('\uFEFF<html>', 'utf16le'), /HTML/],
  ['a PDF', Buffer.from('%PDF-1.4'), /PDF/],
  [
    'an OpenDocument',
    Buffer.from(`PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet${' '.repeat(100)}`),
    /\.ods.*XLSX/,
  ],
  ['an archive', Buffer.from(`PK\x03\x04statement.csv${' '.repeat(100)}`), /ZIP archive.*unpack/],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]), /picture/],
  ['an empty file', Buffer.from(''), /Receipt No\./],
  ['another list', Buffer.from('Name,Amount\nAmina,5\n'), /Receipt No\./],
  [
    'a list without amounts',
    Buffer.from('Receipt No.,Completion Time\nUKK7X2M4QA,20-11-2026 14:32:08\n'),
    /"Paid In and Withdrawn" is missing/,
  ],
  ['a list without times', Buffer.from('Receipt No.,Paid In\nUKK7X2M4QA,10\n'), /"Completion Time" is missing/],
]

for (const [what, content, message] of foreign) {
  test(`${what} is called what it is, with what to do`, async () => {
    await assert.rejects(read(content), { message, param: 'file' })
  })
}

test('a million rows of one comma are passed over within moments', { timeout: 20_000 }, async () => {
  const names = 'Receipt No.,Completion Time,Transaction Status,Paid In,Withdrawn\n'
  assert.equal((await read(names + ',\n'.repeat(1_000_000))).records.length, 0)
  await assert.rejects(read(`${names}${'UKK7X2M4QA,1\n'.repeat(300_001)}`), {
    code: 'body_too_large',
    message: /300,000 lines/,
  })
})
