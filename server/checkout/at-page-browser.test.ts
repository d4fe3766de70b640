import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createAdaptorServer } from '@hono/node-server'
import { county } from '../../testing/county.ts'
import type { County } from '../../testing/county.ts'
import { invoiced } from '../../testing/invoices.ts'
import { barriers, keepPicture, openPages } from '../../testing/pages.ts'
import type { Pages } from '../../testing/pages.ts'
import { createNode } from '../node.ts'

type Answer = (request: Request) => Response | Promise<Response>

/** A county whose pages, and the simulator's, a browser finds; its sweep of checks runs whenever somebody wants to know. */
async function seen(plot: (told: County, pages: Pages) => Promise<void>): Promise<void> {
  let answers: { lango: Answer; simulator: Answer }
  const upstream = createAdaptorServer({ fetch: (request) => answers.simulator(request) })
  upstream.listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const simulator = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  const pages = await openPages((request) => answers.lango(request))
  try {
    await county({ addresses: { lango: pages.address, simulator } }, async (told) => {
      answers = { lango: createNode(told.context).app.fetch, simulator: told.simulator.fetch }
      await plot(told, pages)
    })
  } finally {
    await pages.close()
    if ('closeAllConnections' in upstream) upstream.closeAllConnections()
    upstream.close()
  }
}

test('Settle opens eCitizen before the page where that may be framed, follows what becomes of it, and shows the receipt', () =>
  seen(async (told, pages) => {
    const lines = [{ description: 'Overload fine', unit_amount: '100' }]
    const phone = told.simulator.phones.get('0712345678')
    const settle = async (options = {}) => {
      const invoice = await invoiced(told, { lines, provider: 'pesaflow', customer: { name: 'Jane Doe' } })
      const { page, complaints } = await pages.visit(new URL(invoice.url).pathname, options)
      await page.getByLabel('Number of the ID').fill('11111111')
      await page.getByRole('button', { name: 'Pay KSh 100 at eCitizen' }).click()
      return { page, complaints }
    }
    const { page, complaints } = await settle()
    const dialog = page.getByRole('dialog')
    const inside = dialog.frameLocator('iframe')
    await inside.getByLabel('Phone').fill('0712345678')
    await keepPicture(page, 'settle-dialog')
    assert.deepEqual(await barriers(page), [])
    await inside.getByLabel('Amount').fill('60')
    await inside.getByRole('button', { name: 'Send the prompt' }).click()
    await inside.getByText('Check the phone').waitFor()
    phone.approve()
    await told.simulator.settled()
    await told.advance('20 s')
    await dialog.getByRole('button', { name: 'Check status' }).click()
    await dialog.getByText('Looking for your payment').waitFor()
    await told.sweep('checks')
    await dialog.getByText('A part of it has come').waitFor()
    await inside.getByLabel('Amount').fill('45')
    await inside.getByLabel('Phone').fill('0712345678')
    await inside.getByRole('button', { name: 'Send the prompt' }).click()
    await inside.getByText('Check the phone').waitFor()
    phone.approve()
    await told.simulator.settled()
    await inside.getByRole('link', { name: 'Complete' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await told.advance('20 s')
    await told.sweep('checks')
    await page.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
    await page.getByRole('link', { name: 'Receipt', exact: true }).waitFor()
    assert.deepEqual(complaints, [])
    await page.context().close()

    // As in production: the browser is led there, and back.
    told.simulator.settings.set({ pesaflow_framing: false })
    const { page: led } = await settle()
    await led.getByRole('link', { name: 'Leave without paying' }).click()
    await led.getByRole('heading', { name: 'Looking for your payment' }).waitFor()
    await keepPicture(led, 'settle-processing')
    await led.getByRole('link', { name: 'Open the payment page' }).click()
    await led.getByRole('heading', { name: 'Overload fine' }).or(led.getByText('Convenience fee')).first().waitFor()
    await led.context().close()

    const { page: plain } = await settle({ javaScriptEnabled: false })
    await plain.getByRole('link', { name: 'Open the payment page' }).click()
    await plain.getByText('Convenience fee').waitFor()
  }))
