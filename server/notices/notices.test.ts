import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { postStory } from '../../testing/post-story.ts'
import type { Posted } from '../../testing/post-story.ts'
import { reconciling } from '../../testing/reconciling.ts'
import { signInAs, storyPassword } from '../../testing/signed-in.ts'
import { parseId } from '../id.ts'
import { statementOf } from './statement.ts'
import { readSources } from '../../testing/tidy.ts'

const root = new URL('../../', import.meta.url)

/** What the owners are told, by whom it goes to. */
async function told({ sweep, letters }: Posted) {
  await sweep('owners')
  return (await letters()).map(({ to, subject, text, head, html }) => ({ to, subject, text, head, html }))
}

test('every owner is told of what is grave, and so is the person whom it concerns', () =>
  postStory(async (story) => {
    const owner = await signInAs(story, {
      role: 'owner',
      name: 'Wanjiru <b>\r\nBcc: thief@example.com',
      email: 'wanjiru@duka.example',
    })
    await signInAs(story, { role: 'owner', name: 'Otieno', email: 'otieno@duka.example' })
    const clerk = await signInAs(story, { role: 'viewer', name: 'Baraka', email: 'baraka@duka.example' })
    const joined = await told(story)
    assert.equal(joined.length, 4)
    assert.ok(joined.every(({ subject, text }) => subject.endsWith(' joined') && /^Role: owner$/m.test(text)))
    assert.ok(joined.some(({ text }) => text.includes('Whom: Otieno, otieno@duka.example')))

    await owner.get('/settings')
    await owner.send('/settings/payouts', { daily_limit: '50,000', approval_above: '', password_again: storyPassword })
    const limits = await told(story)
    assert.deepEqual(limits.map(({ to }) => to).sort(), ['otieno@duka.example', 'wanjiru@duka.example'])
    assert.match(limits[0]!.subject, /enabled payouts, or changed their limits$/)
    assert.match(
      limits[0]!.text,
      /Limit of a day: KSh 50,000\nA second person approves above: none[^]*https:\/\/lango\.test\/audit/,
    )
    assert.doesNotMatch(limits[0]!.head, /^Bcc/m)
    assert.doesNotMatch(limits[0]!.html, /Wanjiru <b>/)

    await owner.get('/team')
    const { to } = await owner.send(`/team/usr_${clerk.user.id.replaceAll('-', '')}/role`, { role: 'owner' })
    assert.match(to ?? '', /done=role_given/)
    const roles = await told(story)
    assert.deepEqual(roles.map((letter) => letter.to).sort(), [
      'baraka@duka.example',
      'otieno@duka.example',
      'wanjiru@duka.example',
    ])
    assert.match(
      roles[0]!.text,
      /gave a member another role[^]*Whom: Baraka, baraka@duka\.example\nRole: owner\nRole before: viewer/,
    )

    // What is done every day is nobody's alarm.
    await story.call('POST', '/v1/invoices', { lines: [{ description: 'x', unit_amount: 10 }] })
    assert.deepEqual(await told(story), [])
  }))

test('whatever only an owner may do is told to all of them', () => {
  const silent = readSources().filter(
    ({ path, text }) =>
      path.startsWith('server/') &&
      /\b(requireOwner|refuseUnlessOwner)\(\s*context/.test(text) &&
      !/\bexport function (requireOwner|refuseUnlessOwner)\b/.test(text) &&
      !text.includes('isGrave'),
  )
  assert.deepEqual(
    silent.map(({ path }) => path),
    [],
  )
  assert.match(
    readFileSync(new URL('server/people/second-factor.ts', root), 'utf8'),
    /second_factor_ended', isGrave: true/,
  )
})

/** Signs in, and asks for both reports. */
async function wantsReports(story: Posted, role: 'owner' | 'finance', email: string) {
  const person = await signInAs(story, { role, email })
  await person.get('/account')
  const answer = await person.send('/account/reports', { daily_summary: 'yes', monthly_statement: 'yes' })
  assert.equal(answer.to, '/account?done=reports_kept')
  return person
}

async function paid(story: Posted, amount: number, reference: string): Promise<any> {
  const { id } = await story.pay({ phone: '0708374149', amount, account_reference: reference })
  return story.payment(id)
}

test('who keeps the books is told each morning how the day before was, and who does not want to know is not', () =>
  postStory(async (story) => {
    // It is the 20th of November, a Friday, at two in the afternoon.
    await wantsReports(story, 'finance', 'finance@duka.example')
    const owner = await wantsReports(story, 'owner', 'owner@duka.example')
    await owner.get('/account')
    assert.equal((await owner.send('/account/reports')).to, '/account?done=reports_kept')
    const viewer = await signInAs(story, { role: 'viewer' })
    assert.doesNotMatch((await viewer.get('/account')).text, /Reports by mail/)
    assert.equal((await viewer.send('/account/reports', { daily_summary: 'yes' })).status, 403)
    await paid(story, 640, 'A-1')
    const back = await paid(story, 160, 'A-2')
    await story.call('POST', '/v1/refunds', { payment_id: back.id, amount: 60 })
    await story.simulator.settled()
    assert.equal(await story.sweep('summaries'), 0)
    await story.advance('18 hours')
    assert.equal(await story.sweep('summaries'), 1)
    assert.equal(await story.sweep('summaries'), 0)
    const [letter, ...more] = await story.letters()
    assert.deepEqual([letter!.to, more.length], ['finance@duka.example', 0])
    assert.match(letter!.subject, /KSh 800 on Friday, 20\.11\.2026$/)
    assert.match(
      letter!.text,
      /Came in: KSh 800\nReceipts of M-Pesa: 2\nPaid when asked: 2 of 2\nReturned: KSh 60 in 1 refund\n/,
    )
    assert.match(letter!.text, /The Friday before: KSh 0[^]*lango\.test\/account/)

    // Days that were missed are not told one by one.
    await story.advance('4 days')
    assert.equal(await story.sweep('summaries'), 1)
    assert.match((await story.letters())[0]!.text, /^Nothing came on this day\.$/m)
  }))

test('the statement of a month comes with the first of the next one, and adds up to what the books hold', () =>
  postStory(async (story) => {
    await story.call('PATCH', '/v1/merchant', { name: '=HYPERLINK("x")\nDuka (la) Mfano' })
    await wantsReports(story, 'owner', 'owner@duka.example')
    const first = await paid(story, 500, 'M-1')
    await story.call('POST', '/v1/refunds', { payment_id: first.id, amount: 120 })
    await story.simulator.settled()
    await story.advance('9 days')
    await paid(story, 250, 'M-2')
    // The 1st of December: what comes now is of the next month.
    await story.advance('34 hours')
    await paid(story, 70, 'M-3')
    await story.advance('12 hours')
    await story.sweep('summaries')
    assert.equal(await story.sweep('statements'), 1)
    assert.equal(await story.sweep('statements'), 0)
    const letter = (await story.letters()).find(({ subject }) => subject.includes('statement of'))!
    assert.match(letter.subject, /^=HYPERLINK\("x"\) Duka \(la\) Mfano: statement of November 2026$/)
    assert.match(letter.text, /Net: KSh 630\nGross: KSh 750\nReceipts of M-Pesa: 2\nReturned: KSh 120/)
    const [file] = letter.files
    assert.equal(file!.name, 'statement-2026-11.pdf')
    assert.match(file!.bytes.toString('latin1'), /^%PDF-1\.[^]*%%EOF\s*$/)

    const who = { merchant_id: parseId('mer', story.merchant.id) ?? story.merchant.id, mode: 'test' } as const
    const statement = await statementOf(story.context, { ...who, month: '2026-12' })
    assert.deepEqual(
      [statement.opening_cents, statement.total.gross_cents, statement.closing_cents, statement.days.length],
      [630_00, 70_00, 700_00, 1],
    )
    const finance = await signInAs(story, { role: 'finance' })
    const saved = await finance.get('/reconciliation/statement.pdf?month=2026-11')
    assert.deepEqual(
      [saved.status, saved.headers.get('Content-Type'), saved.headers.get('Content-Disposition')],
      [200, 'application/pdf', 'attachment; filename="statement-2026-11.pdf"'],
    )
    for (const month of ['2026-13', '2020-01', '..%2F']) {
      assert.equal((await finance.get(`/reconciliation/statement.pdf?month=${month}`)).status, 400)
    }
    const viewer = await signInAs(story, { role: 'viewer' })
    assert.equal((await viewer.get('/reconciliation/statement.pdf?month=2026-11')).status, 403)
  }))

test('a statement takes each charge once that M-Pesa’s own statements tell, and adds up by account', () =>
  reconciling(async (shop) => {
    const merchant_id = parseId('mer', shop.merchant.id) ?? shop.merchant.id
    await shop.pay({ phone: '0708374149', amount: 900 })
    await shop.simulator.settled()
    const charge = 'A1B2C3D4E5,20-11-2026 14:30:00,,x,Completed,,-4.50,,true,Pay Bill Charge,254708374149 - Amina,,\r\n'
    await shop.upload(shop.simulator.statement() + charge)
    await shop.advance('1 hour')
    await shop.upload(shop.simulator.statement() + charge)
    const { total, accounts } = await statementOf(shop.context, { merchant_id, mode: 'test', month: '2026-11' })
    assert.deepEqual(total, { count: 1, gross_cents: 900_00, charge_cents: 4_50, returned_cents: 0, sent_cents: 0 })
    assert.deepEqual(
      accounts.map(({ gross_cents, charge_cents }) => [gross_cents, charge_cents]),
      [[900_00, 4_50]],
    )
    const live = await statementOf(shop.context, { merchant_id, mode: 'live', month: '2026-11' })
    assert.deepEqual([live.total.gross_cents, live.days.length], [0, 0])
  }))
