import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { openBrowser } from './browser.ts'
import { openShop } from './shop.ts'
import type { Shop } from './shop.ts'

/** Where to keep the README's pictures, when they are to be taken anew. */
const picturesFolder = process.env['README_PICTURES']
const command = fileURLToPath(new URL('../cli/lango.mjs', import.meta.url))

const home = mkdtempSync(join(tmpdir(), 'lango-whole-'))
let environment: NodeJS.ProcessEnv
let lango: ChildProcess
let said = ''
let browser: Browser
let shop: Shop

before(async () => {
  const [PORT, SIMULATOR_PORT] = await Promise.all([freePort(), freePort()])
  // The one setting of the tests is none that Lango knows.
  const { LANGO_TEST_DATABASE_URL: _, ...inherited } = process.env
  environment = { ...inherited, LANGO_HOME: home, PORT, SIMULATOR_PORT, LOG_LEVEL: 'error' }
  lango = start()
  await until(() => said.includes('Lango is ready.'))
  shop = await openShop()
  browser = await openBrowser()
})

after(async () => {
  await browser.close()
  shop.close()
  lango.kill('SIGINT')
  if (lango.exitCode === null) await once(lango, 'exit')
  rmSync(home, { recursive: true })
})

function start(): ChildProcess {
  said = ''
  const child = spawn(process.execPath, [command, 'start'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return child
}

async function run(...argv: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [command, ...argv], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}

async function call(method: string, path: string, body?: unknown): Promise<any> {
  const key = /sk_test_\S+/.exec(said)![0]
  const response = await fetch(`http://localhost:${environment['PORT']}${path}`, {
    method,
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return ((await response.json()) as { data: unknown }).data
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 1_200) throw new Error(`It never came. Lango said:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function visit(url: string, width: number): Promise<Page> {
  const visitor = await browser.newContext({ viewport: { width, height: 820 }, locale: 'en-KE' })
  const page = await visitor.newPage()
  await page.goto(url)
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  if (picturesFolder) await page.screenshot({ path: join(picturesFolder, `${name}.png`) })
}

test('a request makes the phone in the browser ring; the PIN pays; the checkout shows the receipt; the webhook is signed', async () => {
  const { webhook_secret } = await call('POST', '/v1/webhook-endpoints', { url: shop.url })
  const phones = await visit(`http://localhost:${environment['SIMULATOR_PORT']}/phone`, 1280)
  const asked = await call('POST', '/v1/payments', {
    amount: 1500,
    phone: '0712345678',
    account_reference: 'INV-204',
    description: 'Unga, sukari, chai',
  })
  const checkout = await visit(asked.checkout_url, 390)
  await checkout.evaluate('window.isSamePage = true')

  await phones.getByText('INV-204').first().waitFor()
  await checkout.getByRole('heading', { name: 'Check your phone' }).waitFor()
  await picture(phones, 'phones-ringing')
  await picture(checkout, 'checkout-waiting')

  await phones.getByLabel('M-PESA PIN').first().fill('1234')
  await phones.getByRole('button', { name: 'Send' }).first().click()
  await checkout.getByRole('heading', { name: 'Paid. Asante!' }).waitFor()
  assert.equal(await checkout.evaluate('window.isSamePage'), true, 'without a reload')
  const paid = await call('GET', `/v1/payments/${asked.id}`)
  assert.equal(paid.status, 'completed')
  await checkout.getByText(paid.provider_receipt).waitFor()
  await phones.getByText(`${paid.provider_receipt} Confirmed.`).first().waitFor()
  await picture(phones, 'phones-paid')
  await picture(checkout, 'checkout-paid')

  await until(() => shop.received.length > 0)
  const [{ headers, text, json }] = shop.received as [Shop['received'][number]]
  assert.equal(json.type, 'payment.completed')
  assert.equal(json.data.payment_id, asked.id)
  new Webhook(webhook_secret).verify(text, headers as Record<string, string>)
})

test('the phone that pays by itself lets two hundred payments at once complete, and the books equal the ledger', async () => {
  const simulator = `http://localhost:${environment['SIMULATOR_PORT']}`
  await fetch(`${simulator}/_/phones/254708374149`, {
    method: 'PUT',
    body: '{"auto":"approve"}',
    headers: { 'Content-Type': 'application/json' },
  })
  const key = /sk_test_\S+/.exec(said)![0]
  const asked = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const response = await fetch(`http://localhost:${environment['PORT']}/v1/payments`, {
        method: 'POST',
        headers: { 'X-API-Key': key, 'Content-Type': 'application/json', 'Idempotency-Key': `whole-${index}` },
        body: JSON.stringify({
          amount: 1 + index,
          phone: '254708374149',
          account_reference: `ORDER-${index}`,
          external_reference: `order-${index}`,
        }),
      })
      assert.equal(response.status, 201)
      return ((await response.json()) as { data: { id: string } }).data.id
    }),
  )
  let payments: any[] = []
  await until(async () => {
    payments = await Promise.all(asked.map((id) => call('GET', `/v1/payments/${id}`)))
    return payments.every(({ status }) => status === 'completed')
  })
  assert.equal(new Set(payments.map(({ provider_receipt }) => provider_receipt)).size, 200)
  const { entries } = (await (await fetch(`${simulator}/_/ledger`)).json()) as {
    entries: { receipt: string; amount: number }[]
  }
  const ledger = new Map(entries.map(({ receipt, amount }) => [receipt, amount]))
  for (const { provider_receipt, amount } of payments) assert.equal(ledger.get(provider_receipt), Number(amount))
})

test('money from the menu is heard of, goes back on request, and is reconciled, without any set-up', async () => {
  const simulator = `http://localhost:${environment['SIMULATOR_PORT']}`
  const paid = await fetch(`${simulator}/_/phones/254712345678/pay`, {
    method: 'POST',
    body: '{"shortcode":"174379","amount":250,"reference":"SHOES"}',
    headers: { 'Content-Type': 'application/json' },
  })
  const { receipt } = (await paid.json()) as { receipt: string }
  await until(async () => (await call('GET', '/v1/money-in?unmatched=true')).length === 1)
  const { id } = await call('POST', '/v1/payments', { amount: 250 })
  await call('POST', `/v1/money-in/${receipt}/assign`, { payment_id: id })
  await call('POST', '/v1/refunds', { payment_id: id })
  await until(async () => (await call('GET', `/v1/payments/${id}`)).status === 'reversed')
  const { report } = await call('POST', '/v1/reconciliation/runs', {})
  assert.equal(report.not_found.count, 0)
  assert.equal(report.unknown_to_provider.count, 0)
})

test('a second start on the same data says that one is running, and a bad setting says what to do', async () => {
  const second = await run('start')
  assert.equal(second.code, 1)
  assert.match(second.output, /already running.*LANGO_HOME/s)
  environment = { ...environment, LANGO_PROT: '4000' }
  const misspelt = await run('start')
  assert.equal(misspelt.code, 1)
  assert.match(misspelt.output, /^Unknown setting LANGO_PROT\..*\n$/)
  const { LANGO_PROT: _, ...rest } = environment
  environment = rest
})

test('lango keys create prints a key that works, and says what is wrong with one that cannot be made', async () => {
  const made = await run('keys', 'create', '--merchant', 'demo', '--scopes', 'payments:read', '--json')
  assert.equal(made.code, 0)
  const { id, key, merchant_id, scopes } = JSON.parse(made.output)
  assert.match(id, /^key_/)
  assert.match(merchant_id, /^mer_/)
  assert.deepEqual(scopes, ['payments:read'])
  const response = await fetch(`http://localhost:${environment['PORT']}/v1/payments`, { headers: { 'X-API-Key': key } })
  assert.equal(response.status, 200)
  const refused = await run('keys', 'create', '--merchant', 'nobody', '--scopes', 'payments:read')
  assert.match(refused.output, /There is no merchant "nobody"/)
})

test('what was stored is there after kill -9 and the next start, with the same key', async () => {
  const key = /sk_test_\S+/.exec(said)![0]
  lango.kill('SIGKILL')
  await once(lango, 'exit')
  lango = start()
  await until(() => said.includes('Lango is ready.'))
  assert.equal(/sk_test_\S+/.exec(said)![0], key)
  assert.equal((await call('GET', '/v1/payments?search=INV-204'))[0].status, 'completed')
})

test('Ctrl-C finishes what is in hand and stops everything', async () => {
  lango.kill('SIGINT')
  const [code] = (await once(lango, 'exit')) as [number]
  assert.equal(code, 0)
  assert.match(said, /Stopped\. Nothing was lost\./)
  await assert.rejects(fetch(`http://localhost:${environment['PORT']}/healthz`))
  assert.throws(() => readFileSync(join(home, 'running.json')))
})

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return String(port)
}
