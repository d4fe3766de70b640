import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amina, instalment, invoiced, invoiceOf } from '../../testing/invoices.ts'
import { signInAs } from '../../testing/signed-in.ts'
import { postStory } from '../../testing/post-story.ts'
import type { Read } from '../../testing/post.ts'
import type { Story } from '../../testing/story.ts'

const customer = { name: 'Amina Wanjiku', email: 'amina@example.com', phone: amina }
const send = (told: Story, { id }: { id: string }) => told.call('POST', `/v1/invoices/${id}/send`)
const subjects = (letters: Read[]) => letters.map(({ subject }) => subject)

test('an invoice is sent by mail with what is left, what for and by when, and again when it is asked for', () =>
  postStory(async (told) => {
    await told.call('PATCH', '/v1/merchant', { name: 'Duka <b>Letu</b>', email: 'duka@duka.example', color: '#7a1fa2' })
    const made = await invoiced(told, {
      reference: 'INV-198',
      customer,
      due_date: '2026-12-20',
      send: true,
      instalments: true,
    })
    assert.notEqual(made.sent_at, null)
    assert.equal((await send(told, made)).status, 200)
    const [letter, ...more] = await told.letters()
    assert.equal(more.length, 0)
    assert.deepEqual(
      [letter!.subject, letter!.to, /^Reply-To: (.*)$/m.exec(letter!.head)?.[1]],
      ['Invoice INV-198 from Duka <b>Letu</b>', 'amina@example.com', 'duka@duka.example'],
    )
    assert.match(
      letter!.text,
      /Dear Amina Wanjiku,[^]*Left to pay: KSh 4,500\n[^]*- Unga wa mahindi, 2 kg × 10: KSh 1,900/,
    )
    assert.match(letter!.text, /To be paid by: 20 Dec 2026[^]*https:\/\/lango\.test\/pay\/inv_[0-9a-f]{32}\?lang=en/)
    assert.match(letter!.html, /Duka &lt;b&gt;Letu[^]*KSh 4,500[^]*#7a1fa2/)

    await instalment(told, made, { amount: 2000 })
    await told.advance('2 minutes')
    await send(told, made)
    const [again] = await told.letters()
    assert.match(again!.text, /Left to pay: KSh 2,500\n[^]*Paid so far: KSh 2,000/)
    const { mails } = await invoiceOf(told, made)
    assert.deepEqual(
      mails.map(({ kind, to, status, sent_at }: any) => [kind, to, status, sent_at !== null]),
      Array(2).fill(['invoice', 'amina@example.com', 'sent', true]),
    )
  }))

test('an invoice is sent to nobody who has no address, and not when nothing is left to pay', () =>
  postStory(async (told) => {
    const item = { description: 'Unga', unit_amount: 100 }
    const refused = await told.call('POST', '/v1/invoices', { lines: [item], send: true })
    assert.deepEqual([refused.status, refused.body.error.param], [400, 'customer.email'])
    const invoice = await invoiced(told)
    const without = await send(told, invoice)
    assert.deepEqual([without.status, without.body.error.param], [400, 'customer.email'])
    assert.match(without.body.error.message, /has no address for mail/)
    const change = (customer: object) => told.call('PATCH', `/v1/invoices/${invoice.id}`, { customer })
    assert.equal((await change({ email: `${'a'.repeat(250)}@example.com` })).status, 400)
    await change({ email: 'typo@example.com', language: 'sw' })
    assert.notEqual((await send(told, invoice)).body.data.sent_at, null)
    assert.equal((await change({ email: 'amina@example.com' })).body.data.sent_at, null)
    await send(told, invoice)
    assert.deepEqual((await told.letters()).map(({ to }) => to).sort(), ['amina@example.com', 'typo@example.com'])
    await instalment(told, invoice)
    await told.advance('2 minutes')
    assert.match((await send(told, invoice)).body.error.message, /is paid/)
    const other = await invoiced(told, { customer })
    await told.call('POST', `/v1/invoices/${other.id}/void`)
    assert.deepEqual([(await send(told, other)).status, (await told.letters()).length], [409, 0])
  }))

test('whoever speaks Swahili is written to in Swahili, and is told so that they have paid', () =>
  postStory(async (told) => {
    await told.call('PATCH', '/v1/merchant', { language: 'sw' })
    const invoice = await invoiced(told, { reference: 'ADA-7', customer, due_date: '2026-12-20', send: true })
    const english = await invoiced(told, { reference: 'FEE-8', customer: { ...customer, language: 'en' }, send: true })
    const letters = await told.letters()
    assert.deepEqual(subjects(letters).sort(), [
      `Ankara ADA-7 kutoka ${(await told.call('GET', '/v1/merchant')).body.data.name}`,
      `Invoice FEE-8 from ${(await told.call('GET', '/v1/merchant')).body.data.name}`,
    ])
    const swahili = letters.find(({ subject }) => subject.startsWith('Ankara'))!
    assert.match(swahili.text, /Imebaki kulipwa: KSh 4,500[^]*Ilipwe kufikia: 20 Des 2026[^]*\?lang=sw/)
    assert.match(swahili.html, /<html lang="sw">/)
    for (const one of [invoice, english]) {
      await instalment(told, one)
      await told.advance('3 minutes')
    }
    await told.sweep('issue')
    await told.sweep('payers')
    const receipts = await told.letters()
    assert.deepEqual(subjects(receipts), ['Payment Complete', 'Payment Complete'])
    assert.deepEqual(receipts.map(({ html }) => /<h1[^>]*>([^<]*)/.exec(html)![1]).sort(), [
      'Imelipwa. Asante!',
      'Paid. Asante!',
    ])
  }))

test('what strangers write into an invoice ends no header and begins no markup', () =>
  postStory(async (told) => {
    const nasty = 'A\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>=HYPERLINK("http://evil")'
    const made = await told.call('POST', '/v1/invoices', {
      lines: [{ description: nasty, unit_amount: 100 }],
      customer: { ...customer, name: nasty },
      description: nasty,
      send: true,
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const [letter] = await told.letters()
    assert.doesNotMatch(letter!.head, /^Bcc/m)
    assert.doesNotMatch(letter!.html, /<script/)
    assert.match(letter!.text, /^Dear A Bcc: thief@example\.com <script>/m)
    assert.doesNotMatch(letter!.text, /^(Bcc|=)/m)
  }))

test('a customer is reminded three times at most, while something is left, and not where that is not wanted', () =>
  postStory(async (told) => {
    // It is the 20th of November.
    const due_date = '2026-12-10'
    const [open, paid, quiet, unsent] = [
      await invoiced(told, { reference: 'OPEN-1', customer, due_date, send: true }),
      await invoiced(told, { reference: 'PAID-2', customer, due_date, send: true }),
      await invoiced(told, { reference: 'QUIET-3', customer, due_date, send: true, reminders: false }),
      await invoiced(told, { reference: 'UNSENT-4', customer, due_date }),
    ]
    assert.deepEqual([open.reminders, quiet.reminders, unsent.sent_at], [true, false, null])
    const { id } = await instalment(told, paid)
    await told.letters()
    const reminded = async (days: string) => {
      await told.advance(days)
      await told.sweep('reminders')
      await told.sweep('reminders')
      return subjects(await told.letters())
    }
    assert.deepEqual(await reminded('16 days'), [])
    assert.deepEqual(await reminded('1 day'), ['Reminder: invoice OPEN-1 is due on 10 Dec 2026'])
    // What is paid and given back is owed again, and its next reminder comes.
    await told.call('POST', '/v1/refunds', { payment_id: id })
    await told.simulator.settled()
    assert.deepEqual((await reminded('3 days')).sort(), ['Invoice OPEN-1 is due today', 'Invoice PAID-2 is due today'])
    await told.call('PATCH', `/v1/invoices/${paid.id}`, { reminders: false })
    assert.deepEqual(await reminded('7 days'), ['Invoice OPEN-1 was due on 10 Dec 2026'])
    assert.deepEqual(await reminded('60 days'), [])
    const { mails } = await invoiceOf(told, open)
    assert.deepEqual(
      mails.map(({ kind }: any) => kind),
      ['invoice', ...Array(3).fill('invoice_reminder')],
    )

    // A merchant who wants none has none, and says so in the settings, where the language of letters is chosen too.
    const owner = await signInAs(told, { role: 'owner' })
    await owner.get('/settings')
    await owner.send('/settings', { name: 'Duka Letu', language: 'sw' })
    const { data } = (await told.call('GET', '/v1/merchant')).body
    assert.deepEqual([data.language, data.invoice_reminders], ['sw', false])
    await invoiced(told, { customer, due_date: '2027-03-20', send: true })
    await told.letters()
    assert.deepEqual(await reminded('60 days'), [])
  }))
