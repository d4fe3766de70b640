import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Hono } from 'hono'
import { gallery } from '../../../testing/gallery.ts'
import { barriers, excessWidth, lookAt, openPages } from '../../../testing/pages.ts'
import type { Pages } from '../../../testing/pages.ts'
import { webRoutes } from '../routes.ts'

let pages: Pages

before(async () => {
  const app = new Hono()
  app.route('/', webRoutes())
  app.get('/', (c) => c.html(gallery()))
  pages = await openPages(app.fetch)
})

after(() => pages.close())

test('every part fits every screen, and bars nobody', () => lookAt(pages, { path: '/', name: 'parts' }))

test('at 400 % of a desk’s screen all is still there, in one column', async () => {
  const { page } = await pages.visit('/', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 })
  assert.equal(await excessWidth(page), 0)
  assert.deepEqual(await barriers(page), [])
  await page.context().close()
})

test('whatever can be pressed is large enough to be hit', async () => {
  const { page } = await pages.visit('/')
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('a, button, select, summary, input')]
      .filter((part) => part.checkVisibility() && getComputedStyle(part).display !== 'inline' && !part.closest('.skip'))
      .map((part) => ({
        text: part.outerHTML.slice(0, 80),
        box: (part.closest('label') ?? part).getBoundingClientRect(),
      }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ text, box }) => `${text} is ${box.width} by ${box.height}`),
  )
  assert.deepEqual(small, [])
  await page.context().close()
})

test('the first key leads past the places to the page', async () => {
  const { page } = await pages.visit('/', { viewport: { width: 1280, height: 800 } })
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.locator('.skip').focus()
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => location.hash), '#main')
  await page.context().close()
})

test('what is wrong with a field is announced, and named by the field', async () => {
  const { page } = await pages.visit('/')
  const field = page.getByLabel('Customer’s M-PESA phone')
  assert.equal(await field.getAttribute('aria-invalid'), 'true')
  const wrong = page.locator(`#${await field.getAttribute('aria-describedby')}`)
  assert.equal(await wrong.getAttribute('role'), 'alert')
  await page.waitForFunction((input) => input === document.activeElement, await field.elementHandle())
  await page.context().close()
})

test('nothing moves for who asked for less motion', async () => {
  const moving = async (reducedMotion: 'reduce' | 'no-preference') => {
    const { page } = await pages.visit('/', { reducedMotion })
    const count = await page.evaluate(() => document.getAnimations().length)
    await page.context().close()
    return count
  }
  assert.equal(await moving('reduce'), 0)
  assert.notEqual(await moving('no-preference'), 0)
})
