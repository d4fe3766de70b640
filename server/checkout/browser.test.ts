import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { serve } from '@hono/node-server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '../../testing/browser.ts'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'

/** Where to keep pictures of every page, if anybody wants them. */
const picturesFolder = process.env.CHECKOUT_PICTURES

const order = { amount: 1500, account_reference: 'INV-204', description: 'Unga, sukari, chai' }

let told: Story
let browser: Browser
let server: ReturnType<typeof serve>
let address: string

before(async () => {
  told = await tell()
  browser = await openBrowser()
  server = serve({ fetch: createNode(told.context).app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

after(async () => {
  await browser.close()
  if ('closeAllConnections' in server) server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await told.end()
})

async function visit(path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const visitor = await browser.newContext({ viewport: { width: 390, height: 760 }, locale: 'en-KE', ...options })
  const page = await visitor.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address + path)
  return { page, complaints }
}

function pathOf({ checkout_url }: { checkout_url: string }): string {
  return new URL(checkout_url).pathname
}

test('in a browser the page goes from the phone number to the receipt, the last step without a reload', async () => {
  const { page, complaints } = await visit(pathOf(await told.pay({ ...order, phone: undefined })))
  await page.getByLabel('M-PESA phone number').fill('0722 000 101')
  await page.getByRole('button', { name: 'Pay KSh 1,500 with M-PESA' }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  await page.evaluate('window.isSamePage = true')

  const { receipt } = told.simulator.phones.get('0722000101').approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.getByText(receipt!).waitFor()
  assert.equal(await page.evaluate('window.isSamePage'), true)
  assert.equal(await page.title(), 'Paid. Asante! · Duka la Mfano')
  assert.deepEqual(complaints, [])
  await page.context().close()
})

test('in a browser without JavaScript the same can be done', async () => {
  const { page } = await visit(pathOf(await told.pay({ ...order, phone: undefined })), { javaScriptEnabled: false })
  await page.getByLabel('M-PESA phone number').fill('0722 000 102')
  await page.getByRole('button', { name: /^Pay/ }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  told.simulator.phones.get('0722000102').approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  await page.context().close()
})

test('in a browser a cancelled payment can be tried again', async () => {
  const { page, complaints } = await visit(pathOf(await told.pay({ ...order, phone: '0722000103' })))
  const phone = told.simulator.phones.get('0722000103')
  phone.cancel()
  await page.getByRole('button', { name: 'Try again on 0722 ••• 103' }).click()
  await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
  phone.approve()
  await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  assert.deepEqual(complaints, [])
  await page.context().close()
})

const looks = [
  { width: 390, height: 760, colorScheme: 'light', locale: 'en-KE' },
  { width: 390, height: 760, colorScheme: 'dark', locale: 'sw-KE' },
  { width: 1280, height: 800, colorScheme: 'light', locale: 'sw-KE' },
  { width: 1280, height: 800, colorScheme: 'dark', locale: 'en-KE' },
] as const

test('every page fits its screen, and its answer is in the first view', async () => {
  const phones = { wait: '0722000111', paid: '0722000112', cancelled: '0722000113', unreachable: '254700001037' }
  const asked = { ...order, return_url: 'https://duka.example/' }
  const paths: Record<string, string> = { ask: pathOf(await told.pay({ ...asked, phone: undefined })) }
  for (const [name, phone] of Object.entries(phones)) paths[name] = pathOf(await told.pay({ ...asked, phone }))
  told.simulator.phones.get(phones.paid).approve()
  told.simulator.phones.get(phones.cancelled).cancel()
  await told.simulator.settled()

  for (const { width, height, ...options } of looks) {
    for (const [name, path] of Object.entries({ ...paths, 'not-found': '/pay/pay_0' })) {
      const { page } = await visit(path, { viewport: { width, height }, reducedMotion: 'reduce', ...options })
      const where = `${name}-${width}-${options.colorScheme}-${options.locale.slice(0, 2)}`
      const { right, answerBottom } = await page.evaluate(() => ({
        right: document.documentElement.scrollWidth,
        answerBottom: document.querySelector('.do, dl .code, h1')!.getBoundingClientRect().bottom,
      }))
      assert.ok(right <= width, `${where} is ${right} wide.`)
      assert.ok(answerBottom <= height, `${where} answers at ${answerBottom}.`)
      if (picturesFolder) await keepPicture(page, `${where}.png`)
      await page.context().close()
    }
  }
})

async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(picturesFolder!, { recursive: true })
  await page.screenshot({ path: join(picturesFolder!, name), fullPage: true })
}
