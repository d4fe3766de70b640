import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import { lookAt, looks, pagesOf } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { pathOf, payer } from '../../testing/payer.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { putLogo } from '../merchants/logo.ts'
import { updateMerchant } from '../merchants/merchant.ts'

const order = { amount: 1500, account_reference: 'INV-204', description: 'Unga, sukari, chai' }
const long = {
  amount: 250_000,
  account_reference: 'SHAMBA-00417',
  description: 'Ada ya muhula wa tatu pamoja na chakula, usafiri na vitabu vya Mwanafunzi-Asiyejulikana-Jina-Lake',
}
const longName = 'Chama cha Ushirika cha Wakulima wa Kahawa na Majani ya Chai cha Kirinyaga Kaskazini'

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

/** A checkout in each of its states. */
async function pathsOfStates(): Promise<Record<string, string>> {
  const phones = { wait: '0722000111', paid: '0722000112', cancelled: '0722000113', unreachable: '254700001037' }
  const asked = { ...order, return_url: 'https://duka.example/' }
  const slow = pathOf(await told.pay({ ...asked, phone: '254700004999' }))
  await told.advance('3 minutes')
  const states: Record<string, string> = { ask: pathOf(await told.pay({ ...asked, phone: undefined })), slow }
  for (const [name, phone] of Object.entries(phones)) states[name] = pathOf(await told.pay({ ...asked, phone }))
  told.simulator.phones.get(phones.paid).approve()
  told.simulator.phones.get(phones.cancelled).cancel()
  await told.simulator.settled()
  const { send } = payer(told)
  await send(`${states.ask}/code`, { code: 'UKK7X2M4QA' })
  const { to } = await send(`${states.cancelled}/again`, { phone: 'none' })
  return { ...states, 'by-hand': to!, code: `${states.ask}/code`, 'code-unknown': `${states.ask}/code?code=UKK7X2M4QA` }
}

const shownFirst = '.do, dl .code, h1, .answer'

test('every page fits its screen, bars nobody, and has its answer in the first view', async () => {
  const paths = { ...(await pathsOfStates()), 'not-found': '/pay/pay_0' }
  const places = new Map<number, Set<string>>()
  for (const [name, path] of Object.entries(paths)) {
    await lookAt(pages, { path, name }, async (page, { width, height }, where) => {
      const { bottom, amount } = await page.evaluate((parts) => {
        const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect()
        return { bottom: box(parts)!.bottom, amount: box('.amount') }
      }, shownFirst)
      assert.ok(bottom <= height, `${where} answers at ${bottom}.`)
      if (amount) places.set(width, (places.get(width) ?? new Set()).add(`${amount.x} ${amount.y}`))
    })
  }
  for (const [width, seen] of places)
    assert.equal(seen.size, 1, `At ${width} the amount stands at ${[...seen].join(', at ')}: it moves.`)
})

test('long names, references and amounts fit as well', async () => {
  await updateMerchant(told.context, { id: told.merchant.id, name: longName })
  const ask = pathOf(await told.pay({ ...long, phone: undefined }))
  const wait = pathOf(await told.pay({ ...long, phone: '0722000121' }))
  const paid = pathOf(await told.pay({ ...long, phone: '0722000122' }))
  told.simulator.phones.set('0722000122', { balance: 400_000 })
  told.simulator.phones.get('0722000122').approve()
  await told.simulator.settled()
  for (const [name, path] of Object.entries({ ask, wait, paid })) await lookAt(pages, { path, name: `long-${name}` })
})

test('a merchant’s own colour and logo leave every word readable, in the light and in the dark', async () => {
  for (const color of ['#ffcc00', '#101828']) {
    await updateMerchant(told.context, { id: told.merchant.id, name: `Duka ${color}`, color })
    const ask = pathOf(await told.pay({ ...order, account_reference: color.slice(1), phone: undefined }))
    await lookAt(pages, { path: ask, name: `brand-${color.slice(1)}`, at: [looks[1], looks[4]] })
    await putLogo(told.context, told.merchant.id, squarePng('#b3361f'))
    await lookAt(pages, { path: ask, name: `logo-${color.slice(1)}`, at: [looks[1], looks[4]] })
  }
})

/** A square of one colour, as a PNG. */
function squarePng(color: string): Buffer {
  const side = 64
  const row = Buffer.concat([
    Buffer.from([0]),
    Buffer.concat(Array.from({ length: side }, () => Buffer.from(color.slice(1), 'hex'))),
  ])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  const begins = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([begins, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

function chunk(kind: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
