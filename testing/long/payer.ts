import { after, before, test } from 'node:test'
import { pagesOf } from '../pages.ts'
import type { Pages } from '../pages.ts'
import { payAtQr, payInvoiceInParts, walkAs } from '../payer-walk.ts'
import { tell } from '../story.ts'
import type { Story } from '../story.ts'

let told: Story
let pages: Pages

before(async () => {
  told = await tell()
  await told.call('POST', '/v1/mpesa/c2b/register')
  pages = await pagesOf(told.context)
})

after(async () => {
  await pages.close()
  await told.end()
})

const widths = [
  [240, 320],
  [390, 760],
  [1280, 800],
] as const

let number = 10

for (const [width, height] of widths)
  for (const colorScheme of ['light', 'dark'] as const)
    for (const locale of ['en-KE', 'sw-KE'])
      for (const hasScripts of [true, false]) {
        const look = { width, height, colorScheme, locale }
        const said = `at ${width} px, ${colorScheme}, in ${locale.slice(0, 2)}${hasScripts ? '' : ', without JavaScript'}`
        test(`a payer pays an invoice in parts, at a QR code, and by a code, ${said}`, async () => {
          await walkAs({ told, pages, look, hasScripts, number: ++number }, payInvoiceInParts)
          await walkAs({ told, pages, look, hasScripts, number: ++number }, payAtQr)
        })
      }
