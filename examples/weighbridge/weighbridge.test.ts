import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { createLango } from '@lango/client'
import type { Browser, Page } from 'playwright-core'
import { createHttpServer } from '../../server/api/http-server.ts'
import { systemClock } from '../../server/clock.ts'
import { createNode } from '../../server/node.ts'
import { deliverDue } from '../../server/webhooks/deliver.ts'
import { serveSimulator } from '../../simulator/index.ts'
import type { SimulatorOptions } from '../../simulator/index.ts'
import { openBrowser } from '../../testing/browser.ts'
import { county } from '../../testing/county.ts'
import type { County } from '../../testing/county.ts'
import { barriers, excessWidth, keepPicture } from '../../testing/pages.ts'
import limits from './case/limits.json' with { type: 'json' }
import { openStore } from './case/store.ts'
import { systemNow } from './clock.ts'
import { registers } from './look-ups/registers.ts'
import { openStation } from './open-station.ts'
import { indicators } from './scale/indicators.ts'
import { openScale } from './scale/scale.ts'
import { pseudoTerminalProgram } from './simulated/pseudo-terminal.ts'
import { openSimulatedRegisters } from './simulated/registers.ts'
import { openSimulatedScale } from './simulated/scale.ts'

let browser: Browser
before(async () => {
  browser = await openBrowser()
})
after(() => browser.close())

const transport = pseudoTerminalProgram() ? 'serial' : 'tcp'
const overloaded = [8000, 14_000]
const corrected = [7000, 10_000]

/** A Lango, eCitizen with its phones, two registers, a scale, and the weighbridge, each at a port of this machine. */
async function openAll(told: County) {
  const { context, clock, merchant, simulator } = told
  // The weighbridge goes by the machine's clock, and believes no old webhook.
  await clock.advance(systemClock.now().getTime() - clock.now().getTime())
  const { app, takerOf } = createNode(context)
  const server = createHttpServer(
    { clock, publicUrl: () => context.config.publicUrl },
    (request, env) => app.fetch(request, env),
    takerOf,
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.config.publicUrl = `http://localhost:${(server.address() as AddressInfo).port}`
  simulator.phones.set('0712345678', { balance: 100_000 })
  const ecitizen = await serveSimulator(simulator, { port: 0 })
  context.config.darajaUrls.simulator = ecitizen.url
  const ntsaAndKenha = await openSimulatedRegisters()
  const simulated = await openSimulatedScale('zm510', transport)
  const steadiness = { withinKg: 20, forMs: 250 }
  const scale = openScale({ indicator: indicators.zm510, transport: simulated.transport, steadiness })
  const lango = createLango({ url: context.config.publicUrl, key: merchant.key })
  const store = openStore(':memory:')
  const { url, close } = await openStation({
    port: 0,
    scale,
    store,
    lango,
    limits,
    now: systemNow,
    lookUps: registers({ url: ntsaAndKenha.url, now: systemNow }),
    subscribe: async (hook) => (await lango.webhookEndpoints.set({ url: hook })).webhook_secret,
  })
  return {
    store,
    url,
    simulated,
    ntsaAndKenha,
    async close() {
      close()
      scale.close()
      simulated.close()
      ntsaAndKenha.close()
      server.close()
      server.closeAllConnections()
      await ecitizen.close()
    },
  }
}

type Scene = County & Omit<Awaited<ReturnType<typeof openAll>>, 'close'> & { page: Page }

/** A driver’s browser at the weighbridge. Any error in a script fails the test. */
async function scene(settings: SimulatorOptions['settings'], plot: (scene: Scene) => Promise<void>): Promise<void> {
  await county({ settings }, async (told) => {
    const { close, ...all } = await openAll(told)
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    page.setDefaultTimeout(8000)
    const errors: Error[] = []
    page.on('pageerror', (error) => errors.push(error))
    try {
      await plot({ ...told, ...all, page })
      assert.deepEqual(errors, [])
    } finally {
      await context.close()
      await close()
    }
  })
}

/** A truck drives on, and is weighed as soon as it stands still. */
async function weighTruck({ page, url, simulated }: Scene): Promise<void> {
  simulated.put(overloaded)
  await page.goto(url)
  await page.getByText('Stands still').waitFor()
  await page.getByLabel('Number plate').fill('kdj 123t')
  await page.getByLabel('Vehicle').selectOption('2A')
  await page.getByLabel('Driver').fill('Jane Doe')
  await page.getByLabel('Identity card').fill('11111111')
  await page.getByRole('button', { name: 'Take the weight' }).click()
  await page.getByText('overloaded by 4,000 kg').waitFor()
  await page.getByText(/^Invoice /).waitFor()
}

/** At eCitizen’s page: the phone rings, and the driver enters the PIN. */
async function payAtEcitizen({ page, simulator }: Scene, amount?: string): Promise<void> {
  await page.getByText('simulated: no money moves').waitFor()
  await page.getByLabel('Phone').fill('0712345678')
  if (amount) await page.getByLabel('Amount').fill(amount)
  await page.getByRole('button', { name: 'Send the prompt' }).click()
  await page.getByText('Check the phone').waitFor()
  assert.equal(simulator.prompts().length, 1, 'the phone rings')
  simulator.phones.get('0712345678').approve()
  await simulator.settled()
}

/** What Lango does by itself in the meantime. */
async function passTime({ advance, sweep, context }: Scene, duration = '30 s'): Promise<void> {
  await advance(duration)
  for (const name of ['checks', 'receipts', 'issue']) await sweep(name)
  await deliverDue(context)
}

test('a truck is weighed, overloaded, fined; pays at eCitizen, has its receipt and memo, and is released', (t) =>
  scene({}, async (told) => {
    const { page, simulated, url } = told
    t.diagnostic(
      `The scale is read by ${transport}${transport === 'tcp' ? ': no pseudo-terminal can be made here' : ''}.`,
    )
    simulated.put([])
    await page.goto(url)
    await page.getByText('Empty').waitFor()
    await weighTruck(told)
    await page.getByText('Simba Haulage Ltd, Isuzu FVZ 2019').waitFor()
    await page.getByText('Tagged: Overload').waitFor()
    await page.getByText('Jane Doe: classes B, CE').waitFor()
    await page.getByText('KSh 30,000.00').first().waitFor()
    await keepPicture(page, 'weighbridge-overloaded')

    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await payAtEcitizen(told)
    await page.getByRole('link', { name: 'Complete' }).click()
    await passTime(told)
    await page.goto(`${url}/cases/1`)
    await page.getByText('The case is closed as paid').waitFor()
    await page.getByText(/Receipt 20\d\d-\d{6}/).waitFor()
    await page.getByText('Load correction memo LCM-000001').waitFor()

    await page.getByText('Stands still').waitFor()
    await page.getByRole('button', { name: 'Weigh again' }).click()
    await page.getByText('still over by 4,000 kg').waitFor()
    simulated.put(corrected)
    await page.getByText('17,000').first().waitFor()
    await page.getByText('Stands still').waitFor()
    await page.getByRole('button', { name: 'Weigh again' }).click()
    await page.getByText('Safari njema').waitFor()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 })
      assert.equal(await excessWidth(page), 0)
      await keepPicture(page, `weighbridge-released-${width}`)
    }
    assert.deepEqual(await barriers(page), [])
  }))

test('a fine is found by the sweep though its notification is lost, the browser is closed midway, and NTSA is down', () =>
  scene({}, async (told) => {
    const { page, simulator, ntsaAndKenha, url, store } = told
    ntsaAndKenha.behave('fails')
    simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'drop_callback', probability: 1 }] })
    await weighTruck(told)
    for (const register of ['NTSA', 'KeNHA', 'Driving licence'])
      await page.getByText(`${register} said nothing`).waitFor()
    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await page.getByText('simulated: no money moves').waitFor()
    const billPage = page.url()
    await page.goto(`${url}/cases/1/back`)
    await page.getByText('Came back from eCitizen').waitFor()
    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await page.waitForURL(billPage)
    await payAtEcitizen(told)
    await page.close()
    for (let minute = 0; minute < 30; minute++) await passTime(told, '1 min')
    const types = store.read(1).map(({ type }) => type)
    assert.deepEqual(types.slice(-3).toSorted(), ['memo_issued', 'paid', 'receipt_issued'])
  }))

test('a fine is paid in two parts, told twice and as a form, and each is written once; a declined prompt changes nothing', () =>
  scene({ pesaflow_ipn: 'variant_form' }, async (told) => {
    const { page, simulator, url, store, sweep } = told
    simulator.faults.set({ rules: [{ api: 'pesaflow_ipn', fault: 'duplicate_callback', probability: 1 }] })
    await weighTruck(told)
    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await page.getByLabel('Phone').fill('0712345678')
    await page.getByRole('button', { name: 'Send the prompt' }).click()
    await page.getByText('Check the phone').waitFor()
    simulator.phones.get('0712345678').cancel()
    await page.getByRole('button', { name: 'Send the prompt', disabled: false }).waitFor()

    await payAtEcitizen(told, '10000')
    await passTime(told)
    const paidSoFar = () =>
      store.read(1).flatMap((entry) => (entry.type === 'part_paid' || entry.type === 'paid' ? [entry.type] : []))
    assert.deepEqual(paidSoFar(), ['part_paid'])
    await page.goto(`${url}/cases/1`)
    await page.getByText('is left').waitFor()
    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await payAtEcitizen(told)
    await passTime(told)
    // Lango tells everything once more, as after a crash of the weighbridge.
    const { data } = (await told.call('GET', '/v1/deliveries')).body
    for (const { id } of data) await told.call('POST', `/v1/deliveries/${id}/redeliver`)
    await sweep('deliveries')
    assert.deepEqual(paidSoFar(), ['part_paid', 'paid'])
    assert.equal(store.read(1).filter(({ type }) => type === 'memo_issued').length, 1)
  }))

test('a prompt that nobody answers in time pays nothing: who leaves eCitizen comes back to the same bill, and pays that', () =>
  scene({}, async (told) => {
    const { page, store, advance } = told
    await weighTruck(told)
    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await page.getByText('simulated: no money moves').waitFor()
    const billPage = page.url()
    await page.getByLabel('Phone').fill('0712345678')
    await page.getByRole('button', { name: 'Send the prompt' }).click()
    await page.getByText('Check the phone').waitFor()
    await advance('2 min')
    await page.getByText('not answered in time').waitFor()
    const leave = page.getByRole('link', { name: 'Leave without paying' })
    assert.match((await leave.getAttribute('href'))!, /payments\/callback\/timeout/)
    await leave.click()
    await page.waitForURL(/\/pay\/pay_/)
    await passTime(told)
    await page.getByRole('link', { name: /^Back to/ }).click()
    await page.getByText('Came back from eCitizen').waitFor()
    await page.getByText('Not paid yet').waitFor()
    const status = () => store.read(1).map(({ type }) => type)
    assert.deepEqual([status().includes('payment_failed'), status().includes('paid')], [false, false])

    await page.getByRole('button', { name: 'Settle by eCitizen' }).click()
    await page.waitForURL(billPage)
    await payAtEcitizen(told)
    await passTime(told)
    assert.deepEqual(status().slice(-3).toSorted(), ['memo_issued', 'paid', 'receipt_issued'])
  }))
