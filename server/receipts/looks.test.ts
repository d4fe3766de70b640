import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { instalment, invoiced } from '../../testing/invoices.ts'
import { lookAt, looks, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { refund } from '../../testing/refunds.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'

let told: Story
let pages: Pages

before(async () => {
  told = await tell()
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

const details = {
  name: 'Chama cha Ushirika cha Wakulima wa Kahawa na Majani ya Chai cha Kirinyaga Kaskazini',
  tax_pin: 'P051234567X',
  vat_rate: 16,
  address: 'Barabara ya Kimathi, Jengo la Ushirika, ghorofa ya tatu\nSanduku la Posta 00100-4821, Nairobi',
  email: 'hesabu@ushirika-wa-wakulima.example',
}

/** A receipt of each kind that there is. */
async function receipts(): Promise<Record<string, any>> {
  const paid = (over: object) => told.pay({ phone: '0708374149', ...over }).then(({ id }) => told.payment(id))
  const plain = await paid({ amount: 1500, account_reference: 'INV-198', description: 'Unga, sukari, chai' })
  await told.sweep('issue')
  await told.call('PATCH', '/v1/merchant', details)
  const customer = { name: 'Wangũi Ng’ang’a-Muñoz wa Kirinyaga', email: 'wangui@example.com' }
  const description =
    'Ada ya muhula wa tatu pamoja na chakula, usafiri na vitabu vya Mwanafunzi-Asiyejulikana-Jina-Lake'
  const long = await paid({ amount: 250_000, account_reference: 'SHAMBA-00417', description, customer })
  const lines = [
    'Unga wa mahindi, 2 kg',
    'Sukari ya Mumias, 1 kg',
    'Kuletwa Kawangware kwa boda boda, pamoja na vitu vingine vyote',
  ]
  const billed = {
    lines: lines.map((one, index) => ({
      description: one,
      quantity: 10 - index * 2.5,
      unit_amount: 200,
      tax_rate: 16,
    })),
    instalments: true,
    reference: 'INV-204',
  }
  const part = await instalment(told, await invoiced(told, billed), { amount: 1500 })
  const gone = await paid({ amount: 640, account_reference: 'INV-199' })
  await told.sweep('issue')
  await refund(told, { payment_id: gone.id })
  const found: Record<string, any> = {}
  for (const [name, { id }] of Object.entries({ plain, long, part, gone })) {
    const { receipt_id } = await told.payment(id)
    found[name] = (await told.call('GET', `/v1/receipts/${receipt_id}`)).body.data
  }
  return found
}

test('receipts and their checks fit every screen, and bar nobody', async () => {
  const local = (url: string) => url.replace(told.context.config.publicUrl, '')
  const folder = process.env['PICTURES']
  for (const [name, { url, verify_url, pdf_url }] of Object.entries(await receipts())) {
    const at = name === 'part' ? looks : [looks[3], looks[1]]
    await lookAt(pages, { path: local(url), name: `receipt-${name}`, at })
    if (name === 'gone')
      await lookAt(pages, { path: local(verify_url), name: `verify-${name}`, at: [looks[1], looks[3], looks[4]] })
    const pdf = await fetch(`${pages.address}${local(pdf_url)}&lang=${name === 'long' ? 'sw' : 'en'}`)
    assert.equal(pdf.headers.get('Content-Type'), 'application/pdf')
    if (folder) {
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, `${name}.pdf`), Buffer.from(await pdf.arrayBuffer()))
    }
  }
  await lookAt(pages, { path: '/receipts/rct_0', name: 'receipt-none', at: [looks[1], looks[3]] })
})
