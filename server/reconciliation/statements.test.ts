import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counts, eventsOf, reconciling as scene } from '../../testing/reconciling.ts'
import type { Reconciling } from '../../testing/reconciling.ts'
import { sql } from '../database/sql.ts'
import { parseId } from '../id.ts'
import { enablePayouts } from '../payouts/enable.ts'
import { workOn } from './continue.ts'
import type { Run } from './run.ts'
import { reconcile } from './sweep.ts'

const amina = '0712345678'
const columns =
  'Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.'
const top = 'Short Code:,174379\r\n'

type Line = {
  receipt: string
  at?: string
  details?: string
  status?: string
  paidIn?: string
  withdrawn?: string
  reason?: string
  party?: string
  linked?: string
  account?: string
}

/** A line in the portal's columns: 50 shillings of a customer, unless told otherwise. */
function line({
  receipt,
  at = '20-11-2026 14:00:00',
  details = 'Pay Bill',
  status = 'Completed',
  ...told
}: Line): string {
  const { withdrawn = '', paidIn = withdrawn === '' ? '50.00' : '', reason = 'Pay Bill' } = told
  const { party = '254799000120 - OTIENO', linked = '', account = 'X' } = told
  return [receipt, at, at, details, status, paidIn, withdrawn, '', 'true', reason, party, linked, account].join(',')
}

const file = (...lines: string[]) => `${top}${columns}\r\n${lines.join('\r\n')}\r\n`

/** A customer who pays by hand; M-Pesa's word of it is lost. */
async function paidByHand(told: Reconciling, amount: number, reference = 'X'): Promise<string> {
  await told.simulator.phones.get(amina).pay({ shortcode: '174379', amount, reference })
  await told.simulator.settled()
  return told.simulator.ledger.entries.at(-1)!.receipt
}

async function runsOf(told: Reconciling): Promise<any[]> {
  return (await told.call('GET', '/v1/reconciliation/runs')).body.data
}

test('a statement shows a reversal at the portal: the payment is reversed, with one event', () =>
  scene(async (told) => {
    const { id, receipt } = await told.paidUnheard({ amount: 500 })
    await told.run()
    await told.advance('1 minute')
    await told.simulator.fetch('/_/reverse', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ receipt }),
    })
    const run = await told.upload(told.simulator.statement())
    assert.deepEqual(counts(run.report), [1, 1, 0, 0])
    const [item] = await told.items(run, 'kind=reversal')
    assert.deepEqual(
      [item.outcome, item.reason, item.payment_id, item.linked_receipt, item.amount],
      ['recovered', 'recorded', id, receipt, '500.00'],
    )
    assert.equal((await told.payment(id)).status, 'reversed')
    assert.equal((await eventsOf(told, 'payment.reversed')).length, 1)
    assert.deepEqual(counts((await told.upload(told.simulator.statement())).report), [2, 0, 0, 0])
    assert.equal((await eventsOf(told, 'payment.reversed')).length, 1)
    assert.equal(await told.books(), 0)
  }))

test('a statement masks its payers, and each is known by what it shows of them', () =>
  scene(async (told) => {
    const { id } = await told.paidUnheard({ account_reference: 'RENT' })
    const other = await told.paidUnheard({ account_reference: 'RENT', phone: '0799000120' })
    const csv = told.simulator.statement().replaceAll(/254(\d)\d{5}(\d{3}) -/g, '254$1******$2 -')
    assert.match(csv, /2547\*{6}678 - Amina/)
    const run = await told.upload(csv)
    assert.deepEqual(counts(run.report), [0, 2, 0, 0])
    for (const paid of [id, other.id]) assert.equal((await told.payment(paid)).status, 'completed')
  }))

test('a statement shows payouts of which nothing was heard, and what was sent by hand', () =>
  scene(async (told) => {
    const owner = { ...told.context, actor: 'user:owner', isOwner: true }
    await enablePayouts(owner, {
      merchant_id: told.merchant.id,
      daily_limit_cents: 10_000_000,
      approval_above_cents: null,
    })
    const unheard = await told.call('POST', '/v1/payouts', { kind: 'b2c', phone: amina, amount: 1500 })
    assert.equal(unheard.status, 201, JSON.stringify(unheard.body))
    await told.simulator.settled()
    const csv = told.simulator.statement()
    const byHand =
      'A1B2C3D4E5,20-11-2026 14:30:00,,x,Completed,,-99.00,,true,Business Payment to Customer,254799000120 - Otieno,,\r\n'
    const charge =
      'A1B2C3D4E5,20-11-2026 14:30:00,,x,Completed,,-0.55,,true,Business Payment Charge,254799000120 - Otieno,,\r\n'
    const run = await told.upload(csv + byHand + charge)
    assert.deepEqual(run.report.recovered, { count: 1, paid_in: '0.00', withdrawn: '1500.00' })
    assert.deepEqual(run.report.not_found, { count: 1, paid_in: '0.00', withdrawn: '99.00' })
    assert.deepEqual(run.report.matched, { count: 1, paid_in: '0.00', withdrawn: '0.55' })
    const payout = (await told.call('GET', `/v1/payouts/${unheard.body.data.id}`)).body.data
    assert.equal(payout.status, 'completed')
    assert.equal((await eventsOf(told, 'payout.completed')).length, 1)
    const reasons = (await told.items(run)).map(({ kind, reason }: any) => `${kind} ${reason}`)
    assert.deepEqual(new Set(reasons), new Set(['payout completed', 'payout no_payout', 'charge charge']))
  }))

test('a completed payment that the statement does not show is flagged, and the merchant told', () =>
  scene(async (told) => {
    await told.paidUnheard({ phone: '0799000120', amount: 70 })
    await told.advance('1 minute')
    const forged = await told.paidUnheard({ amount: 500 })
    await told.advance('1 minute')
    await told.paidUnheard({ phone: '0799000121', amount: 80 })
    await told.run()
    const csv = told.simulator
      .statement()
      .split('\r\n')
      .filter((line) => !line.startsWith(forged.receipt))
      .join('\r\n')
    const run = await told.upload(csv)
    assert.deepEqual(run.report.unknown_to_provider, { count: 1, paid_in: '500.00', withdrawn: '0.00' })
    assert.deepEqual(counts(run.report), [2, 0, 0, 0])
    const [item] = await told.items(run, 'outcome=mismatched')
    assert.deepEqual([item.reason, item.payment_id, item.receipt], ['unknown_to_provider', forged.id, forged.receipt])
    assert.deepEqual((await told.payment(forged.id)).needs_attention, ['unknown_to_provider'])
    assert.equal((await eventsOf(told, 'reconciliation.mismatch')).length, 1)
  }))

test('a payment is completed by a statement whose only word of its payer stands in the details', () =>
  scene(async (told) => {
    const { id, receipt } = await told.paidUnheard({ amount: 321, account_reference: 'INV-204' })
    const seven = `${top}Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\r\n${receipt},20-11-2026 14:30:00,Pay Bill Online from 2547*****678 - AMINA Acc. INV-204,Completed,321.00,0.00,321.00\r\n`
    const run = await told.upload(seven)
    assert.deepEqual(counts(run.report), [0, 1, 0, 0])
    assert.equal((await told.payment(id)).provider_receipt, receipt)
  }))

test('money of a payer who is not shown, or who typed the words of a charge, is money in', () =>
  scene(async (told) => {
    await told.upload(
      file(
        line({ receipt: 'UKK7X2M4Q1', party: '' }),
        line({ receipt: 'UKK7X2M4Q2', account: 'SCHOOL FEES' }),
        line({
          receipt: 'UKK7X2M4Q3',
          reason: '',
          details: 'Pay Bill from 254799000120 - SETTLEMENT LTD Acc. REVERSAL',
        }),
      ),
    )
    for (const receipt of ['UKK7X2M4Q1', 'UKK7X2M4Q2', 'UKK7X2M4Q3'])
      assert.equal((await told.moneyIn(receipt)).amount, '50.00', receipt)
    assert.equal(await told.books(), 150)
  }))

test('a line that cannot be read is a mismatch with its line, column and example, and enters no money', () =>
  scene(async (told) => {
    const run = await told.upload(
      file(line({ receipt: 'UKK7X2M4Q1', paidIn: '1,500.00' }), line({ receipt: 'ukk7x2m4q2', paidIn: '70' })),
    )
    assert.deepEqual(counts(run.report), [0, 0, 1, 1])
    assert.match(run.note, /1 line could not be read\. Line 3: it has 14 cells/)
    const [item] = await told.items(run, 'receipt=%20ukk7x2m4q1')
    assert.deepEqual(
      [item.kind, item.direction, item.outcome, item.reason, item.receipt, item.line, item.amount],
      ['unknown', null, 'mismatched', 'unreadable', 'UKK7X2M4Q1', 3, null],
    )
    assert.match(item.explanation, /unreadable.*14 cells.*comma/)
    assert.equal(await told.books(), 70)
    assert.equal((await told.moneyIn('UKK7X2M4Q2')).amount, '70.00')
    assert.equal((await eventsOf(told, 'reconciliation.mismatch')).length, 1)
  }))

test('a statement of which no line can be read is refused with the first reason, and leaves nothing behind', () =>
  scene(async (told) => {
    const message = await told.refusal(file(line({ receipt: 'UKK7X2M4Q1', at: '11/20/2026 14:32' })))
    assert.match(message, /unreadable.*Line 3: Completion Time "11\/20\/2026 14:32" is no time/)
    assert.deepEqual(await runsOf(told), [])
    const kept = await told.context.database.query(sql`select id from statements`)
    assert.deepEqual(kept, [])
  }))

test('what a statement says to have failed is no money, and accuses the books where they have it', () =>
  scene(async (told) => {
    const receipt = await paidByHand(told, 90)
    await told.run()
    const run = await told.upload(
      file(
        line({ receipt: 'UKK7X2M4Q1', status: 'Failed' }),
        line({ receipt, status: 'Declined', paidIn: '90.00' }),
        line({ receipt: 'UKK7X2M4Q2' }),
      ),
    )
    assert.equal(await told.moneyIn('UKK7X2M4Q1'), undefined)
    assert.equal(run.report.ignored, 2)
    const [item] = await told.items(run, 'outcome=mismatched')
    assert.deepEqual([item.reason, item.receipt], ['failed_at_provider', receipt])
  }))

test('a list without a column of states is a question, and the answer is noted in its run', () =>
  scene(async (told) => {
    const text = `${top}Receipt No.,Completion Time,Paid In,Withdrawn\r\nUKK7X2M4Q1,20-11-2026 14:00:00,50,\r\n`
    assert.match(await told.refusal(text), /assume_completed=true/)
    const run = await told.upload(text, 'assume_completed=true')
    assert.match(run.note, /who uploaded it says that all of its lines were completed/)
    assert.equal(await told.books(), 50)
  }))

test('a statement of another short code is refused with both numbers, whichever label it has', () =>
  scene(async (told) => {
    for (const above of ['Paybill,556677', 'Till Number:,556677', 'Short Code,Organization Name\r\n556677,OTHER LTD']) {
      const message = await told.refusal(`${above}\r\n\r\n${columns}\r\n${line({ receipt: 'UKK7X2M4Q1' })}\r\n`)
      assert.match(message, /556677.*174379/)
    }
    const transfer = line({
      receipt: 'UKK7X2M4Q1',
      withdrawn: '-9',
      reason: 'Business Transfer from Utility to MMF',
      party: '556677 - B',
    })
    assert.match(await told.refusal(`${columns}\r\n${transfer}\r\n`), /556677.*174379/)
    assert.match(await told.refusal(file(line({ receipt: 'UKK7X2M4Q1' })), 'shortcode=556677'), /556677/)
    assert.equal(await told.books(), 0)
  }))

test('a statement that shows nothing of its owner is a question; a receipt of the books answers it, else the uploader', () =>
  scene(async (told) => {
    const receipt = await paidByHand(told, 90)
    await told.run()
    const bare = (...lines: string[]) => `${columns}\r\n${lines.join('\r\n')}\r\n`
    assert.match(
      await told.refusal(bare(line({ receipt: 'UKK7X2M4Q1' }))),
      /Nothing in the statement shows whose it is.*\?shortcode=174379/,
    )
    const known = await told.upload(bare(line({ receipt: 'UKK7X2M4Q1' }), line({ receipt, paidIn: '90.00' })))
    assert.equal(known.note, null)
    const said = await told.upload(bare(line({ receipt: 'UKK7X2M4Q2' })), 'shortcode=174379')
    assert.match(said.note, /who uploaded it says that it is of 174379/)
    // The other side of what we sent: their money in has the receipt of our payout, and is no proof that it is our statement.
    const theirs = bare(line({ receipt, withdrawn: '-90.00', reason: 'Business Pay Bill' }))
    assert.match(await told.refusal(theirs), /Nothing in the statement shows whose it is/)
  }))

test('the period of a statement is its window: what the books have after its last line, M-Pesa does not know', () =>
  scene(async (told) => {
    const early = await paidByHand(told, 10)
    await told.advance('1 hour')
    const ghost = await paidByHand(told, 900)
    await told.run()
    await told.advance('1 day')
    const day = 'Time Period:,From,20-11-2026 00:00:00,To,20-11-2026 23:59:59\r\n'
    const balances = 'Opening Balance:,0.00,Closing Balance:,5000.00\r\n'
    const lines = `${columns}\r\n${line({ receipt: early, at: '20-11-2026 14:30:00', paidIn: '10' })}\r\n`
    const run = await told.upload(top + day + balances + lines)
    assert.deepEqual([run.from, run.until], ['2026-11-19T21:00:00.000Z', '2026-11-20T20:59:59.999Z'])
    assert.deepEqual(run.report.unknown_to_provider, { count: 1, paid_in: '900.00', withdrawn: '0.00' })
    const [item] = await told.items(run, 'outcome=mismatched')
    assert.deepEqual([item.receipt, item.reason], [ghost, 'unknown_to_provider'])
    assert.match(
      run.note,
      /contradicts itself in line 3: The opening balance 0.00 and the movements \+ 10.00 make 10.00/,
    )
    assert.deepEqual(run.report.disagreements_count, 1)
    assert.equal(run.report.disagreements[0].line, 3)
    const without = await told.upload(top + lines)
    assert.equal(without.report.unknown_to_provider.count, 0, 'without a period nothing is said of what came later')
  }))

test('a statement that was exported before its period was over accuses nothing that came later', () =>
  scene(async (told) => {
    const early = await paidByHand(told, 10)
    await told.advance('1 hour')
    await paidByHand(told, 900)
    await told.run()
    const day = 'Time Period:,From,20-11-2026 00:00:00,To,20-11-2026 23:59:59\r\n'
    const lines = `${columns}\r\n${line({ receipt: early, at: '20-11-2026 14:30:00', paidIn: '10' })}\r\n`
    assert.equal((await told.upload(top + day + lines)).report.unknown_to_provider.count, 0)
    await told.advance('1 day')
    const dated = `${top}${day}Date of Report:,20-11-2026 15:00:00\r\n${lines}`
    assert.equal((await told.upload(dated)).report.unknown_to_provider.count, 0)
  }))

test('a day without any movement is a good answer; without a period there is nothing to compare', () =>
  scene(async (told) => {
    const run = await told.upload(`${top}Time Period:,From,20-11-2026,To,20-11-2026\r\n${columns}\r\n`)
    assert.deepEqual([run.report.records.count, run.records_total], [0, 0])
    assert.match(await told.refusal(`${top}${columns}\r\n`), /no completed movement.*of which time/)
  }))

test('a file that was cut within one second accuses nobody, nor do two files of one period', () =>
  scene(async (told) => {
    const first = await paidByHand(told, 10)
    const second = await paidByHand(told, 20)
    await told.run()
    const at = '20-11-2026 14:30:00'
    for (const receipt of [first, second]) {
      const paidIn = receipt === first ? '10' : '20'
      const run = await told.upload(file(line({ receipt, at, paidIn })))
      assert.deepEqual(counts(run.report), [0, 0, 0, 1])
      assert.equal(run.report.unknown_to_provider.count, 0)
    }
    await told.advance('1 day')
    const day = 'Time Period:,From,20-11-2026,To,20-11-2026\r\n'
    const part = (receipt: string, paidIn: string) => `${top}${day}${columns}\r\n${line({ receipt, at, paidIn })}\r\n`
    assert.equal((await told.upload(part(first, '10'))).report.unknown_to_provider.count, 0)
    assert.equal((await told.upload(part(second, '20'))).report.unknown_to_provider.count, 0)
  }))

test('of files that overlap, sent one after the other, each line counts once and nobody is accused', () =>
  scene(async (told) => {
    const receipts: string[] = []
    for (const amount of [10, 20, 30]) {
      receipts.push(await paidByHand(told, amount))
      await told.advance('1 hour')
    }
    await told.run()
    const [first, second, third] = receipts.map((receipt, index) =>
      line({ receipt, at: `20-11-2026 ${14 + index}:30:00`, paidIn: `${index + 1}0.00` }),
    ) as [string, string, string]
    const late = line({ receipt: 'UKK7X2M4Q1', at: '20-11-2026 15:45:00' })
    const runs = [await told.upload(file(first, second)), await told.upload(file(third, late, second))]
    assert.deepEqual(
      runs.map(({ report }) => [counts(report), report.unknown_to_provider.count]),
      [
        [[0, 0, 0, 2], 0],
        [[0, 0, 0, 3], 0],
      ],
    )
    assert.equal(await told.books(), 110)
    assert.deepEqual(counts((await told.upload(file(first, second, third, late))).report), [0, 0, 0, 4])
    assert.equal(await told.books(), 110)
  }))

test('a day of which the statement has no line accuses what the books have of that day', () =>
  scene(async (told) => {
    const ghost = await paidByHand(told, 900)
    await told.run()
    await told.advance('1 day')
    const run = await told.upload(`${top}From: 20/11/2026 To: 20/11/2026\r\n${columns}\r\nNo transactions\r\n`)
    const [item] = await told.items(run, 'outcome=mismatched')
    assert.deepEqual([item.receipt, item.reason], [ghost, 'unknown_to_provider'])
  }))

test('the report of a head office is of whose tills it names; of tills that are not ours it is refused', () =>
  scene(async (told) => {
    const report = (...tills: string[]) =>
      [
        'STORE_NAME,TILL_NUMBER,RECEIPT_NUMBER,TRANSACTION_DATE,CREDIT_AMOUNT,TRANSACTION_STATUS',
        ...tills.map((till, index) => `KAREN,${till},UKK7X2M4Q${index},2026-11-20 14:00:0${index},50,SUCCESS`),
      ].join('\n')
    assert.match(
      await told.refusal(report('556677', '556688')),
      /"5566\d\d" is no short code of this merchant.* 174379/,
    )
    assert.equal(await told.books(), 0)
    const run = await told.upload(report('174379', '556688'))
    assert.deepEqual(counts(run.report), [0, 0, 1, 1])
    assert.equal(await told.books(), 50)
  }))

test('what a later file of the same period shows after all is no longer shown to a person', () =>
  scene(async (told) => {
    const paid = await told.paidUnheard({ amount: 500 })
    await told.run()
    await told.advance('1 day')
    const day = `${top}Time Period:,From,20-11-2026,To,20-11-2026\r\n${columns}\r\n`
    await told.upload(`${day}${line({ receipt: 'UKK7X2M4Q1' })}\r\n`)
    assert.deepEqual((await told.payment(paid.id)).needs_attention, ['unknown_to_provider'])
    const rest = await told.upload(
      `${day}${line({ receipt: paid.receipt, paidIn: '500.00', at: '20-11-2026 14:30:00' })}\r\n`,
    )
    assert.equal(rest.report.unknown_to_provider.count, 0, 'the first file shows the other one')
    assert.equal((await told.payment(paid.id)).needs_attention, null)
  }))

test('a line that stands twice counts once, and a receipt with two amounts settles nothing', () =>
  scene(async (told) => {
    const pending = await told.pay({ amount: 50, account_reference: 'INV-1', phone: '0799000120' })
    const one = line({ receipt: 'UKK7X2M4Q1' })
    const disputed = (paidIn: string) =>
      line({ receipt: 'UKK7X2M4Q2', paidIn, account: 'INV-1', at: '20-11-2026 14:31:00' })
    const run = await told.upload(file(one, one, disputed('50.00'), disputed('60.00')))
    assert.deepEqual(counts(run.report), [0, 0, 2, 1])
    assert.deepEqual([run.report.records.count, run.report.ignored], [3, 1])
    const reasons = (await told.items(run)).map(({ receipt, reason }) => `${receipt} ${reason}`).toSorted()
    assert.deepEqual(reasons, [
      'UKK7X2M4Q1 no_payment',
      'UKK7X2M4Q1 repeated',
      'UKK7X2M4Q2 two_amounts',
      'UKK7X2M4Q2 two_amounts',
    ])
    assert.equal((await told.payment(pending.id)).status, 'pending')
    assert.equal((await told.moneyIn('UKK7X2M4Q2')).unmatched_because, 'two_amounts')
    assert.equal(await told.books(), 100)
  }))

test("our own money on its way to the bank is no payout that nobody ordered, and a charge has its payment's receipt", () =>
  scene(async (told) => {
    const run = await told.upload(
      file(
        line({ receipt: 'UKK7X2M4Q1', withdrawn: '-4000', reason: 'Withdraw Funds to Bank', party: 'KCB BANK' }),
        line({
          receipt: 'UKK7X2M4Q2',
          withdrawn: '-0.55',
          reason: 'Pay Utility',
          details: 'Pay Bill Charge',
          party: 'SP',
        }),
        line({ receipt: 'UKK7X2M4Q2' }),
      ),
    )
    assert.deepEqual(run.report.matched, { count: 2, paid_in: '0.00', withdrawn: '4000.55' })
    assert.equal(await told.books(), 50)
  }))

test('a reversal finds its payment by the receipt that stands somewhere in its details', () =>
  scene(async (told) => {
    const paid = await told.paidUnheard({ amount: 50 })
    await told.run()
    const back = line({
      receipt: 'UKK7X2M4Q1',
      at: '20-11-2026 14:40:00',
      withdrawn: '-50.00',
      reason: 'Pay Bill Reversal',
      details: `Pay Bill Reversal to 254712345678 - AMINA; original receipt ${paid.receipt}`,
    })
    const run = await told.upload(file(back, line({ receipt: paid.receipt, at: '20-11-2026 14:30:00' })))
    assert.deepEqual(counts(run.report), [1, 1, 0, 0])
    assert.equal((await told.payment(paid.id)).status, 'reversed')
  }))

test('a preview says line by line what would be done, and does nothing', () =>
  scene(async (told) => {
    const paid = await told.paidUnheard({ amount: 321, account_reference: 'INV-204' })
    const csv = file(
      line({
        receipt: paid.receipt,
        at: '20-11-2026 14:30:00',
        paidIn: '321.00',
        party: '254712345678 - A',
        account: 'INV-204',
      }),
      line({ receipt: 'UKK7X2M4Q1', at: '20-11-2026 14:31:00' }),
      line({ receipt: 'UKK7X2M4Q2', at: '20-11-2026 14:32:00', paidIn: '1,500' }),
      line({
        receipt: 'UKK7X2M4Q3',
        at: '20-11-2026 14:33:00',
        withdrawn: '-321',
        reason: 'Pay Bill Reversal',
        linked: paid.receipt,
      }),
    )
    const { status, body } = await told.send(csv, 'preview=true')
    assert.equal(status, 200, JSON.stringify(body))
    const { report, items, note, has_more } = body.data
    assert.deepEqual(
      items.map(({ line, receipt, outcome, reason, payment_id }: any) => [line, receipt, outcome, reason, payment_id]),
      [
        [3, paid.receipt, 'recovered', 'completed', paid.id],
        [4, 'UKK7X2M4Q1', 'not_found', 'no_payment', null],
        [5, 'UKK7X2M4Q2', 'mismatched', 'unreadable', null],
        [6, 'UKK7X2M4Q3', 'recovered', 'recorded', paid.id],
      ],
    )
    assert.deepEqual([counts(report), has_more], [[0, 2, 1, 1], false])
    assert.match(note, /1 line could not be read/)
    assert.equal((await told.payment(paid.id)).status, 'pending')
    assert.deepEqual([await told.books(), await runsOf(told)], [0, []])
    assert.deepEqual(await told.context.database.query(sql`select id from statements`), [])

    const page = (await told.send(csv, 'preview=true&limit=2&cursor=0')).body.data
    assert.deepEqual(
      page.items.map(({ line }: any) => line),
      [4, 5],
    )
    assert.deepEqual([page.has_more, page.next_cursor], [true, '2'])

    const run = await told.upload(csv)
    assert.deepEqual(counts(run.report), counts(report), 'what was foreseen is what is done')
    assert.match((await told.send(csv.replace('174379', '556677'), 'preview=true')).body.error.message, /556677/)
  }))

test('one payment is not foreseen to be completed by two lines', () =>
  scene(async (told) => {
    await told.pay({ amount: 50, account_reference: 'RENT', phone: '0799000120' })
    const csv = file(
      line({ receipt: 'UKK7X2M4Q1', at: '20-11-2026 14:31:00', account: 'RENT' }),
      line({ receipt: 'UKK7X2M4Q2', at: '20-11-2026 14:31:10', account: 'RENT' }),
    )
    const { report } = (await told.send(csv, 'preview=true')).body.data
    assert.deepEqual(counts(report), counts((await told.upload(csv)).report))
  }))

test('a statement is known by its bytes, whatever it is called, and may come as the field of a form', () =>
  scene(async (told) => {
    await told.paidUnheard()
    const csv = told.simulator.statement()
    const types = ['application/vnd.ms-excel', 'text/plain', 'application/octet-stream', 'application/json']
    for (const type of [...types, 'application/x-www-form-urlencoded'])
      assert.equal((await told.send(csv, '', { 'Content-Type': type })).status, 201, type)
    const form = new FormData()
    form.append('file', new File([csv], 'november.csv', { type: 'text/csv' }))
    const request = new Request('http://lango.test', { method: 'POST', body: form })
    const headers = { 'Content-Type': request.headers.get('content-type')! }
    const sent = await told.send(new Uint8Array(await request.arrayBuffer()), '', headers)
    assert.equal(sent.status, 201)
    const names = await told.context.database.query<{ name: string }>(sql`select name from statements`)
    assert.deepEqual(names, [{ name: 'november.csv' }], 'the same file is kept once')
    assert.match((await told.send('x', '', headers)).body.error.message, /field "file"/)
    assert.match(await told.refusal('Name,Amount\nAmina,5'), /Receipt No/)
    assert.match(await told.refusal(Buffer.from('d0cf11e0a1b11ae1', 'hex')), /old Excel file/)
  }))

test('a statement may be larger than other bodies, and not as large as it likes', () =>
  scene(async (told) => {
    await told.paidUnheard()
    const csv = told.simulator.statement()
    assert.equal((await told.send(`${csv}${' '.repeat(2 * 1024 * 1024)}`)).status, 201)
    assert.equal((await told.send(' '.repeat(33 * 1024 * 1024))).status, 413)
    const crowd = Array.from({ length: 300_001 }, () => 'UKK7X2M4Q1,1').join('\n')
    const { status, body } = await told.send(`Receipt No.,Completion Time,Transaction Status,Paid In\n${crowd}`)
    assert.deepEqual([status, body.error.code], [413, 'body_too_large'])
    assert.equal((await runsOf(told)).length, 1)
  }))

test('a run of a statement that died between what agrees and the rest goes on, counts nothing twice, and says what it settled itself', () =>
  scene(async (told) => {
    await told.paidUnheard({ account_reference: 'OLD' })
    await told.run()
    await told.paidUnheard({ account_reference: 'RENT', phone: '0799000120' })
    await paidByHand(told, 70)
    const sent = await told.upload(told.simulator.statement())
    assert.deepEqual(counts(sent.report), [1, 1, 0, 1])
    const books = await told.books()
    // As if the process had died after it settled: what agreed with the books was kept, the run was not moved on.
    const { database } = told.context
    await database.query(
      sql`delete from reconciliation_items where run_id = ${parseId('rec', sent.id)} and reason <> 'known'`,
    )
    await database.query(sql`
      update reconciliation_runs set status = 'running', report = null, next_offset = 0, work_at = ${told.clock.now()}
      where id = ${parseId('rec', sent.id)}`)
    await database.query(sql`update provider_accounts set reconcile_at = null`)
    assert.equal(await reconcile.run(told.context), 1)
    const [run] = await runsOf(told)
    assert.deepEqual([run.id, run.status, run.records_read], [sent.id, 'completed', 3])
    assert.deepEqual(run.report.details, sent.report.details)
    assert.deepEqual(
      (await told.items(run)).map(({ receipt, outcome }: any) => [receipt, outcome]),
      (await told.items(sent)).map(({ receipt, outcome }: any) => [receipt, outcome]),
    )
    assert.equal(await told.books(), books)
  }))

test('two nodes that work on one run of a statement keep each line once', () =>
  scene(async (told) => {
    await told.paidUnheard({ account_reference: 'OLD' })
    await told.run()
    for (let count = 0; count < 20; count++) await paidByHand(told, 70 + count)
    const sent = await told.upload(told.simulator.statement())
    const { database } = told.context
    const { id } = await database.one<{ id: string }>(
      sql`select id from reconciliation_runs where source = 'statement'`,
    )
    await database.query(sql`delete from reconciliation_items where run_id = ${id}`)
    const run = await database.one<Run>(sql`
      update reconciliation_runs set status = 'running', report = null, completed_at = null, next_offset = 0, work_at = ${told.clock.now()}
      where id = ${id} returning *`)
    await Promise.all([workOn(told.context, run), workOn(told.context, run)])
    const [again] = await runsOf(told)
    assert.deepEqual([again.status, again.report.records], ['completed', sent.report.records])
    assert.equal((await told.items(again)).length, 21)
    assert.equal(await told.books(), 100 + 20 * 70 + 190)
  }))

test('a run tells how far it is, and a statement that breaks off is given up at once', () =>
  scene(async (told) => {
    const lines = Array.from({ length: 1_200 }, (_, index) =>
      line({ receipt: `UKK7X${String(index).padStart(5, '0')}`, at: '20-11-2026 14:00:00', party: '' }),
    )
    const run = await told.upload(file(...lines))
    assert.deepEqual([run.records_read, run.records_total], [1_200, 1_200])
    assert.equal(await told.books(), 60_000)

    // As if the process had died after the first page, and what is kept of the file were lost.
    const name = { merchant_id: told.merchant.id, id: parseId('rec', run.id)! }
    await told.context.database.query(sql`
      update reconciliation_runs set status = 'running', report = null, next_offset = 1000, work_at = ${told.clock.now()}
      where id = ${name.id}`)
    await told.context.database.query(
      sql`delete from reconciliation_items where run_id = ${name.id} and number >= 1000`,
    )
    await told.context.database.query(sql`update provider_accounts set reconcile_at = null`)
    await reconcile.run(told.context)
    const [again] = await runsOf(told)
    assert.deepEqual([again.status, again.records_read, again.report.records.count], ['completed', 1_200, 1_200])

    await told.context.database.query(sql`
      update reconciliation_runs set status = 'running', report = null, next_offset = 0, work_at = ${told.clock.now()} where id = ${name.id}`)
    await told.context.database.query(sql`update statements set content = 'no statement'`)
    await reconcile.run(told.context)
    const [failed] = await runsOf(told)
    assert.equal(failed.status, 'failed')
    assert.match(failed.problem, /not a statement/)
    assert.equal(await reconcile.run(told.context), 0)
  }))
