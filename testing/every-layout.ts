import assert from 'node:assert/strict'
import { booksOf } from './books-of.ts'
import { enable, send } from './payouts.ts'
import { refund } from './refunds.ts'
import { story } from './story.ts'
import type { Story } from './story.ts'
import { layouts } from '../simulator/statement/layouts.ts'
import { ask } from '../simulator/testing/operator.ts'
import { concurrently } from '../server/database/concurrently.ts'

const shortcode = '174379'
const atOnce = 20
/** Of those asked to pay, every tenth pays by hand instead. */
const paysByHand = (index: number) => index % 10 === 3
/** Payers whose names have signs in them that a separator, a quote or an encoding could break. */
const names = ['Zoë Ñandú', 'Duka, Bora & Sons', 'Grace "Mama" Achieng', 'Café – Ouma’s', 'Fees; Charges Ltd']

const peopleOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    index,
    phone: `0711${String(index).padStart(6, '0')}`,
    name: names[index % names.length]!,
    amount: 1_000 + 7 * index,
  }))

const filesOf = (layout: string) => [
  ...['utf-8-bom', 'cp1252', 'utf-16'].map((encoding) => `statement.csv?layout=${layout}&encoding=${encoding}`),
  `statement.xlsx?layout=${layout}`,
]
const files = Object.keys(layouts).map(filesOf)

/** Takes this many payments, and asserts that a statement of every layout, in every encoding and as a workbook, says the same of them. */
export function tellEveryLayout(count: number): Promise<void> {
  return story({ promptLifeMs: 3_600_000 }, async (told) => {
    await trade(told, count)
    const foreseen = await foreseeAll(told)
    const first = await upload(told, files[0]![0]!)
    assertSame({ ...first, verdicts: await verdictsOfRun(told, first.id) }, foreseen, 'what is done')
    assert.equal(first.report.records.count, count + 6)
    assert.ok(first.report.recovered.count > 0.3 * count, `${first.report.recovered.count} had not been heard of`)
    assertExplained(first)
    await agree(told)

    // Each layout once more, and each kind of file.
    for (const file of files.map((ofLayout, index) => ofLayout[index]!)) {
      const again = await upload(told, file)
      assert.equal(again.report.matched.count, count + 6, file)
      assertExplained(again)
    }
    await agree(told)
  })
}

/** What each file would do: the same. A line is the same line of each file of its layout. */
async function foreseeAll(told: Story): Promise<Said> {
  const first = await preview(told, files[0]![0]!)
  for (const ofLayout of files) {
    let alike: Said | undefined
    for (const file of ofLayout) {
      const said = await preview(told, file)
      assertSame(said, first, file)
      alike ??= said
      assert.deepEqual(said.lines, alike.lines, file)
      assert.equal(said.report.ignored, alike.report.ignored, file)
    }
  }
  return first
}

/** Payments, of which a half is not heard of; and after them everything else that a statement can show. */
async function trade(told: Story, count: number): Promise<void> {
  const people = peopleOf(count)
  const { simulator } = told
  simulator.organisations.set(shortcode, { name: 'Duka "Bora", Café', payout_charge: 5.5 })
  simulator.faults.set({ seed: 7, rules: [{ api: 'stkpush', fault: 'drop_callback', probability: 1 / 2 }] })
  await concurrently(people, atOnce, async ({ index, phone, name, amount }) => {
    simulator.phones.set(phone, { name, auto: paysByHand(index) ? 'ignore' : 'approve' })
    const account_reference = `INV-${index}`
    await told.pay({ phone, amount, account_reference })
    if (paysByHand(index)) await simulator.phones.get(phone).pay({ shortcode, amount, reference: account_reference })
    await told.advance('1 second')
  })
  await simulator.settled()
  await told.advance('1 minute')
  const paid = simulator.ledger.entries
  assert.equal(paid.length, count)
  simulator.faults.set({ rules: [{ api: '*', fault: 'drop_callback', probability: 1 }] })
  for (const { receipt } of [paid[11]!, paid[count - 22]!]) await reverse(told, receipt)
  const [known] = (await told.call('GET', '/v1/payments?status=completed&limit=1')).body.data
  await refund(told, { payment_id: known.id, amount: 3 })
  await enable(told)
  await send(told, { phone: people[0]!.phone })
  await ask(simulator, 'b2b', {
    CommandID: 'BusinessTransferFromMMFToUtility',
    PartyA: shortcode,
    PartyB: shortcode,
    Amount: '900',
  })
  await simulator.settled()
  await told.advance('1 minute')
}

async function reverse({ simulator }: Story, receipt: string): Promise<void> {
  const { status } = await simulator.fetch('/_/reverse', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ receipt }),
  })
  assert.equal(status, 200)
}

/** What a run, or the preview of one, says: its report, and of each line what becomes of it. */
type Said = { report: any; verdicts: string[]; lines: number[]; note: string | null }

type Run = { id: string; report: any; note: string | null }

async function preview(told: Story, file: string): Promise<Said> {
  const { status, body } = await sendFile(told, file, '&preview=true')
  assert.equal(status, 200, `${file}: ${JSON.stringify(body.error)}`)
  const { report, items, note } = body.data
  return { report, verdicts: verdictsOf(items), lines: items.map(({ line }: any) => line), note }
}

async function upload(told: Story, file: string): Promise<Run> {
  const { status, body } = await sendFile(told, file)
  assert.equal(status, 201, `${file}: ${JSON.stringify(body.error)}`)
  const { id, report, note } = body.data
  return { id, report, note }
}

async function verdictsOfRun(told: Story, id: string): Promise<string[]> {
  const items: any[] = []
  for (let cursor = ''; ;) {
    const { body: page } = await told.call('GET', `/v1/reconciliation/runs/${id}/items?limit=100${cursor}`)
    items.push(...page.data)
    if (!page.meta.has_more) return verdictsOf(items)
    cursor = `&cursor=${page.meta.next_cursor}`
  }
}

async function sendFile({ call, simulator }: Story, file: string, query = ''): ReturnType<Story['call']> {
  const response = await simulator.fetch(`/_/${file}`)
  const content = new Uint8Array(await response.arrayBuffer())
  const type = { 'Content-Type': response.headers.get('Content-Type')! }
  return call('POST', `/v1/reconciliation/statements?shortcode=${shortcode}${query}`, content, type)
}

function verdictsOf(items: any[]): string[] {
  return items
    .map(({ receipt, kind, direction, outcome, reason, amount, at, payer, payment_id, payout_id, linked_receipt }) =>
      [
        receipt,
        kind,
        direction,
        outcome,
        reason,
        amount,
        at,
        payer.phone,
        payer.name,
        payment_id,
        payout_id,
        linked_receipt,
      ].join(' '),
    )
    .toSorted()
}

function assertSame(said: Pick<Said, 'report' | 'verdicts'>, other: Said, what: string): void {
  assert.deepEqual(said.verdicts, other.verdicts, what)
  for (const name of ['records', 'matched', 'recovered', 'mismatched', 'not_found', 'unknown_to_provider'])
    assert.deepEqual(said.report[name], other.report[name], `${what}: ${name}`)
}

function assertExplained({ report, note }: Run): void {
  const { mismatched, not_found, unknown_to_provider, disagreements } = report
  assert.deepEqual([mismatched.count, not_found.count, unknown_to_provider.count, disagreements], [0, 0, 0, []], note!)
}

async function agree(told: Story): Promise<void> {
  const { lango } = await booksOf(told)
  const own = told.simulator.ledger.entries.filter(({ kind }) => kind !== 'b2c' && kind !== 'b2b')
  const sum = own.reduce((total, { kind, amount }) => total + (kind === 'reversal' ? -amount : amount), 0)
  assert.equal(lango, sum)
}
