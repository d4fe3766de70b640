import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLango } from '../../client/index.ts'
import { payer } from '../../testing/payer.ts'
import { readQrOfPdf } from '../../testing/read-qr.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'
import { referenceOfLink } from './poster.ts'

function langoOf({ context, merchant }: Story) {
  const fetch = (url: string | URL | Request, init?: RequestInit) =>
    Promise.resolve(createNode(context).app.request(url as string, init))
  return createLango({ url: context.config.publicUrl, key: merchant.key, fetch })
}

test('whoever scans the poster of a link comes to a page where they pay', () =>
  story({}, async (told) => {
    const lango = langoOf(told)
    const link = await lango.paymentLinks.create({ name: 'Sadaka (\\) <b>ya</b> Jumapili \u202e%PDF' })
    for (const size of ['A4', 'A5'] as const) {
      const pdf = Buffer.from(await lango.paymentLinks.poster(link.id, { size }))
      assert.equal(pdf.toString('latin1', 0, 5), '%PDF-')
      assert.equal(pdf.toString('latin1').match(/\/Type \/Page\b/g)!.length, 1)
      assert.ok(pdf.toString('latin1').includes(size === 'A4' ? '[0 0 595.28 841.89]' : '[0 0 419.53 595.28]'))
      assert.ok(pdf.length < 60_000, `${pdf.length} bytes`)
      assert.equal(readQrOfPdf(pdf), link.url)
    }
    const { send } = payer(told)
    const { to } = await send(new URL(link.url).pathname, { phone: '0712345678', amount: '50', seen: '0' })
    told.simulator.phones.get('0712345678').approve()
    assert.equal((await told.payment(to!.replace('/pay/', ''))).status, 'completed')
  }))

test('a poster has M-Pesa’s own code where the link is of one amount, and says why where it is not', () =>
  story({}, async (told) => {
    const lango = langoOf(told)
    const [fixed, free] = [
      await lango.paymentLinks.create({ name: 'Tiketi', amount: 500 }),
      await lango.paymentLinks.create({ name: 'Sadaka' }),
    ]
    const pdf = Buffer.from(await lango.paymentLinks.poster(fixed.id, { code: 'mpesa', account_reference: 'TIKETI' }))
    assert.match(pdf.toString('latin1'), /\/Subtype \/Image/)
    await assert.rejects(lango.paymentLinks.poster(free.id, { code: 'mpesa' }), { code: 'conflict', param: 'code' })
    await assert.rejects(lango.paymentLinks.poster(free.id, { account_reference: 'far too long a one' }), {
      code: 'invalid_request',
      param: 'account_reference',
    })
    await assert.rejects(lango.paymentLinks.poster(`lnk_${'0'.repeat(32)}`), { code: 'not_found' })
  }))

for (const [name, reference] of [
  ['Sadaka ya Jumapili', 'SADAKA'],
  ['Ada ya muhula', 'ADA MUHULA'],
  ['Ĩthe witũ', 'ITHE WITU'],
  ['Mwanafunzi-Asiyejulikana', 'MWANAFUNZIAS'],
  ['教会', '7A3B9C0D'],
] as const)
  test(`who pays by hand for "${name}" types ${reference}`, () =>
    assert.equal(referenceOfLink({ name, id: '0193a6c1-77b2-7d0e-8f21-c4d57a3b9c0d' }), reference))
