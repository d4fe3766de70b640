import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invoiced, instalment, newsOf, standOf } from '../../testing/invoices.ts'
import { complaintsOfDoctor } from '../../testing/complaints-of-doctor.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createKey } from '../access/key.ts'
import type { KeyScope } from '../access/scope.ts'
import { sql } from '../database/sql.ts'

const slip = {
  method: 'bank',
  alternate_reference: 'KCB slip 0093817',
  paid_on: '2026-11-19',
  notes: 'Paid in at Kitale; the slip is in the file.',
}

type Headers = Record<string, string>

/** Records that an invoice was paid elsewhere; it must be taken. */
async function recorded(told: Story, { id }: { id: string }, over: object = {}, headers: Headers = {}): Promise<any> {
  const made = await told.call('POST', `/v1/invoices/${id}/outside-payments`, { ...slip, ...over }, headers)
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body.data
}

/** The key of somebody else, who is no key's of the story. */
async function another({ context, merchant }: Story, ...scopes: KeyScope[]): Promise<Headers> {
  const asked = scopes.length > 0 ? scopes : (['invoices:write', 'reconciliation:write'] as const)
  const { key } = await createKey(context, {
    merchant_id: merchant.id,
    name: 'auditor',
    mode: 'test',
    scopes: [...asked],
  })
  return { 'X-API-Key': key }
}

async function inBooks({ context }: Story) {
  const { payments, money } = await context.database.one<{ payments: number; money: number }>(
    sql`select (select count(*)::int from payments) as payments, (select count(*)::int from money_in) as money`,
  )
  return { payments, money }
}

test('what one person says was paid elsewhere pays an invoice when another agrees, and is money of no provider', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told)
    const waiting = await recorded(told, invoice)
    assert.deepEqual(
      [waiting.status, waiting.amount, waiting.source, waiting.paid_on],
      ['awaiting_approval', '4500.00', 'operator', '2026-11-19'],
    )
    assert.equal(await standOf(told, invoice), 'open 0 4500 0')
    assert.deepEqual(await newsOf(told, invoice), [])

    const own = await told.call('POST', `/v1/outside-payments/${waiting.id}/approve`)
    assert.deepEqual([own.status, own.body.error.code], [403, 'second_person_required'])
    const auditor = await another(told)
    const all = await Promise.all(
      [1, 2, 3].map(() => told.call('POST', `/v1/outside-payments/${waiting.id}/approve`, undefined, auditor)),
    )
    assert.deepEqual(all.map(({ status }) => status).toSorted(), [200, 409, 409])
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.deepEqual(await newsOf(told, invoice), ['invoice.paid'])
    const shown = (await told.call('GET', `/v1/invoices/${invoice.id}`)).body.data
    assert.deepEqual([shown.amount_paid_outside, shown.payments], ['4500.00', []])
    assert.deepEqual(
      shown.outside_payments.map(({ id, status }: any) => [id, status]),
      [[waiting.id, 'approved']],
    )
    assert.deepEqual(await inBooks(told), { payments: 0, money: 0 })
    assert.equal((await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone: '0712345678' })).status, 409)
    assert.deepEqual(await complaintsOfDoctor(told.context), [])

    const audited = await told.context.database.query<any>(
      sql`select action, actor, subject, details from audit_log where action like 'outside%' order by id`,
    )
    assert.deepEqual(
      audited.map(({ action, subject, details }) => [action, subject, details.alternate_reference, details.notes]),
      [
        ['outside_payment.recorded', invoice.id, slip.alternate_reference, slip.notes],
        ['outside_payment.approved', invoice.id, slip.alternate_reference, undefined],
      ],
    )
    assert.notEqual(audited[0].actor, audited[1].actor)
  }))

test('a key that somebody made is the same person, and whoever may not look at the books does not agree', () =>
  story({}, async (told) => {
    const { id } = await recorded(told, await invoiced(told))
    const scopes = ['invoices:write', 'reconciliation:write']
    const made = await told.call('POST', '/v1/api-keys', { name: 'the other till', scopes })
    const child = await told.call('POST', `/v1/outside-payments/${id}/approve`, undefined, {
      'X-API-Key': made.body.data.key,
    })
    assert.deepEqual([child.status, child.body.error.code], [403, 'second_person_required'])
    const clerk = await told.call(
      'POST',
      `/v1/outside-payments/${id}/approve`,
      undefined,
      await another(told, 'invoices:write'),
    )
    assert.deepEqual([clerk.status, clerk.body.error.code], [403, 'forbidden'])
  }))

test('it waits under what needs a person, who is told once, until somebody decides', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told)
    const { id } = await recorded(told, invoice)
    const waiting = async () => (await told.call('GET', '/v1/attention')).body.data
    const [item, ...others] = await waiting()
    assert.deepEqual(others, [])
    assert.deepEqual(
      [item.id, item.kind, item.reasons[0].code, item.amount, item.account_reference],
      [id, 'outside_payment', 'second_look', '4500.00', slip.alternate_reference],
    )
    assert.deepEqual(
      item.actions.map(({ path }: any) => path),
      [
        `/v1/outside-payments/${id}`,
        `/v1/outside-payments/${id}/approve`,
        `/v1/outside-payments/${id}/reject`,
        `/v1/attention/${id}/resolve`,
      ],
    )
    assert.deepEqual([await told.sweep('attention'), await told.sweep('attention')], [1, 0])
    const rejected = await told.call('POST', `/v1/outside-payments/${id}/reject`, { reason: 'A slip of last year' })
    assert.deepEqual(
      [rejected.body.data.status, rejected.body.data.decision_notes],
      ['rejected', 'A slip of last year'],
    )
    assert.deepEqual(await waiting(), [])
    assert.equal(await standOf(told, invoice), 'open 0 4500 0')
    const late = await told.call('POST', `/v1/outside-payments/${id}/approve`, undefined, await another(told))
    assert.deepEqual([late.status, late.body.error.code], [409, 'conflict'])
  }))

test('what was agreed on and was not so is withdrawn: the invoice owes it again, and says so once', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { instalments: true })
    const auditor = await another(told)
    const half = await recorded(told, invoice, { amount: 1500, method: 'cheque', alternate_reference: 'Cheque 000411' })
    await told.call('POST', `/v1/outside-payments/${half.id}/approve`, undefined, auditor)
    await instalment(told, invoice, { amount: 3000 })
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    const path = `/v1/outside-payments/${half.id}/withdraw`
    assert.equal((await told.call('POST', path, {}, auditor)).status, 400)
    const withdrawn = await told.call('POST', path, { notes: 'The bank did not honour it.' }, auditor)
    assert.deepEqual([withdrawn.status, withdrawn.body.data.status], [200, 'withdrawn'])
    assert.equal((await told.call('POST', path, { notes: 'Again.' }, auditor)).status, 409)
    assert.equal(await standOf(told, invoice), 'part_paid 3000 1500 0')
    assert.deepEqual(await newsOf(told, invoice), ['invoice.part_paid', 'invoice.paid', 'invoice.reopened'])
    assert.deepEqual(await inBooks(told), { payments: 1, money: 1 })
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('money that comes as well is its payer’s credit, and goes back from its payment', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told, { instalments: true })
    const begun = await told.call('POST', `/v1/invoices/${invoice.id}/settle`, { phone: '0712345678' })
    const { id } = await recorded(told, invoice)
    await told.call('POST', `/v1/outside-payments/${id}/approve`, undefined, await another(told))
    told.simulator.phones.get('0712345678').approve()
    await told.simulator.settled()
    assert.equal(await standOf(told, invoice), 'overpaid 9000 0 4500')
    await told.call('POST', '/v1/refunds', { payment_id: begun.body.data.id })
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
    assert.deepEqual(await complaintsOfDoctor(told.context), [])
  }))

test('what is not owed, is in the books, has not come yet, or has no notes is not recorded', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told)
    const refused = async (over: object, { id }: { id: string } = invoice) => {
      const { status, body } = await told.call('POST', `/v1/invoices/${id}/outside-payments`, { ...slip, ...over })
      return [status, body.error?.param]
    }
    assert.deepEqual(await refused({ notes: '  ' }), [400, 'notes'])
    assert.deepEqual(await refused({ notes: undefined }), [400, 'notes'])
    assert.deepEqual(await refused({ method: 'mpesa' }), [400, 'method'])
    assert.deepEqual(await refused({ paid_on: '2027-01-01' }), [400, 'paid_on'])
    assert.deepEqual(await refused({ paid_on: 'yesterday' }), [400, 'paid_on'])
    assert.deepEqual(await refused({ amount: 4501 }), [409, 'amount'])
    assert.deepEqual(await refused({ amount: 100 }), [409, 'amount'])
    const other = await invoiced(told, { reference: 'OTHER-1' })
    const { provider_receipt } = await instalment(told, other)
    // However it is typed.
    assert.deepEqual(await refused({ alternate_reference: ` ${provider_receipt.toLowerCase()} ` }), [
      409,
      'alternate_reference',
    ])
    assert.deepEqual(await refused({}, other), [409, 'invoice_id'])
    await recorded(told, invoice, {}, { 'Idempotency-Key': 'slip' })
    assert.deepEqual(await refused({ alternate_reference: slip.alternate_reference.toUpperCase() }), [
      409,
      'alternate_reference',
    ])
    const again = await told.call('POST', `/v1/invoices/${invoice.id}/outside-payments`, slip, {
      'Idempotency-Key': 'slip',
    })
    assert.deepEqual([again.status, again.body.data.status], [201, 'awaiting_approval'])
    const list = await told.call(
      'GET',
      '/v1/outside-payments?status=awaiting_approval&alternate_reference=kcb-slip-0093817',
    )
    assert.equal(list.body.data.length, 1)
  }))

test('whoever paid meanwhile is not made to have paid twice', () =>
  story({}, async (told) => {
    const invoice = await invoiced(told)
    const { id } = await recorded(told, invoice)
    await instalment(told, invoice)
    const auditor = await another(told)
    const late = await told.call('POST', `/v1/outside-payments/${id}/approve`, undefined, auditor)
    assert.deepEqual([late.status, late.body.error.message], [409, 'This invoice is paid.'])
    const empty = await invoiced(told, { reference: 'VOID-1' })
    const { id: ofVoid } = await recorded(told, empty)
    await told.call('POST', `/v1/invoices/${empty.id}/void`)
    assert.equal((await told.call('POST', `/v1/outside-payments/${ofVoid}/approve`, undefined, auditor)).status, 409)
    assert.equal(await standOf(told, invoice), 'paid 4500 0 0')
  }))
