import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { tell } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { createNode } from '../node.ts'

const firstViewBytesMax = 14 * 1024

let told: Story
let app: ReturnType<typeof createNode>['app']
let paths: { ask: string; wait: string; paid: string }

before(async () => {
  told = await tell()
  app = createNode(told.context).app
  const pathOf = ({ checkout_url }: { checkout_url: string }) => new URL(checkout_url).pathname
  const order = { amount: 1500, account_reference: 'INV-204', description: '<b>Unga</b> & "chai"' }
  const ask = await told.pay({ ...order, phone: undefined, return_url: 'https://duka.example/' })
  const wait = await told.pay({ ...order, phone: '0722000001' })
  const paid = await told.pay({ ...order, phone: '0722000002' })
  told.simulator.phones.get('0722000002').approve()
  await told.simulator.settled()
  paths = { ask: pathOf(ask), wait: pathOf(wait), paid: pathOf(paid) }
})

after(() => told.end())

test('the first view is at most 14 KB over the wire, even for a client that takes nothing compressed', async () => {
  for (const path of Object.values(paths)) {
    const plain = Buffer.from(await (await app.request(path)).arrayBuffer())
    assert.ok(plain.length <= firstViewBytesMax, `${path}: ${plain.length} bytes`)
    const packed = await app.request(path, { headers: { 'Accept-Encoding': 'gzip' } })
    assert.equal(packed.headers.get('Content-Encoding'), 'gzip')
    const bytes = (await packed.arrayBuffer()).byteLength
    assert.ok(bytes <= firstViewBytesMax / 2 && bytes < gzipSync(plain).length + 100, `${path}: ${bytes} bytes`)
    assert.doesNotMatch(
      plain.toString(),
      /<link rel="stylesheet"|<script src|<img/,
      'The page needs no second request.',
    )
  }
})

test('the style of a payer’s page is one that the browser of an old feature phone can read', async () => {
  const page = await (await app.request(paths.ask)).text()
  const [, styles] = /<style>([^]*?)<\/style>/.exec(page)!
  for (const young of ['@layer', ':has(', ':is(', ':where(', 'light-dark(', 'color-mix(', 'inset:', 'dvh', '&'])
    assert.ok(!styles!.includes(young), young)
})

test('a page is kept nowhere, framed nowhere, and runs no script but its own', async () => {
  const { headers } = await app.request(paths.wait)
  const policy = headers.get('Content-Security-Policy')!
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.match(policy, /script-src( 'sha256-[^']+'){2};/)
  assert.doesNotMatch(policy, /unsafe/)
  assert.equal(headers.get('Cache-Control'), 'no-store')
  assert.equal(headers.get('Referrer-Policy'), 'no-referrer')
  assert.equal(headers.get('Set-Cookie'), null)
})

test("a merchant's words are text, never markup", async () => {
  const page = await (await app.request(paths.ask)).text()
  assert.ok(page.includes('&lt;b&gt;Unga&lt;/b&gt; &amp; &quot;chai&quot;'))
})

test('a payment of the simulator is marked as such', async () => {
  assert.match(await (await app.request(paths.ask)).text(), /class="env">\s*Simulator · no real money/)
  assert.match(await (await app.request(paths.paid)).text(), /data-mark="Simulator"/)
})

test('a browser set to Swahili gets Swahili; a choice is remembered and wins', async () => {
  const open = async (path: string, headers: Record<string, string>) => app.request(path, { headers })
  const asked = await (await open(paths.ask, { 'Accept-Language': 'sw-KE,en;q=0.8' })).text()
  assert.match(asked.replace(/<[^>]+>/g, ''), /Lipa KSh 1,500 kwa M-PESA/)
  const chosen = await open(`${paths.ask}?lang=sw`, { 'Accept-Language': 'en' })
  assert.match(await chosen.text(), /<html lang="sw">/)
  const cookie = chosen.headers.get('Set-Cookie')!
  assert.match(cookie, /^lango_language=sw; .*Path=\/pay; HttpOnly; Secure; SameSite=Lax$/)
  const later = await open(paths.wait, { 'Accept-Language': 'en', Cookie: cookie.split(';')[0]! })
  assert.match(await later.text(), /Angalia simu yako/)
})

test('the language of the address stays through a form, for a browser that keeps no cookies', async () => {
  const page = await (await app.request(`${paths.ask}?lang=sw`)).text()
  assert.ok(page.includes(`action="${paths.ask}?lang=sw"`))
  const answer = await app.request(`${paths.wait}?lang=sw`, { method: 'POST', body: new URLSearchParams() })
  assert.equal(answer.headers.get('Location'), `${paths.wait}?lang=sw`)
})

test('without JavaScript a page that waits asks again by itself, and one that does not stays', async () => {
  assert.match(await (await app.request(paths.wait)).text(), /<noscript>\s*<meta http-equiv="refresh" content="5"/)
  assert.doesNotMatch(await (await app.request(paths.ask)).text(), /http-equiv="refresh"/)
  assert.doesNotMatch(await (await app.request(paths.paid)).text(), /http-equiv="refresh"/)
})

test('a page that is open is told at once what has become of the payment, and then no more', async () => {
  const asked = await told.pay({ amount: 20, phone: '0722000003' })
  const events = await openEvents(new URL(asked.checkout_url).pathname)
  told.simulator.phones.get('0722000003').approve()
  const text = await new Response(events.body).text()
  assert.match(text, /event: last\n/)
  assert.match(text, /Paid\. Asante!/)
})

test('a change that another node made is seen within two seconds', async () => {
  const signals = { ...told.context.signals, onChange: () => () => {} }
  const deaf = createNode({ ...told.context, signals }).app
  const asked = await told.pay({ amount: 20, phone: '0722000004' })
  const events = await openEvents(new URL(asked.checkout_url).pathname, deaf)
  told.simulator.phones.get('0722000004').cancel()
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('You cancelled')) text += (await reader.read()).value
  await reader.cancel()
  assert.match(text, /event: state\n/)
})

test('a page that has the present state is told nothing new', async () => {
  const events = await openEvents(paths.wait)
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader()
  assert.equal((await reader.read()).value, ': Still waiting.\n\n')
  await reader.cancel()
})

/** Opens a page, and then what tells its changes, as the page's own script does. */
async function openEvents(path: string, server = app): Promise<Response> {
  const page = await (await server.request(path)).text()
  const address = /data-events="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&')
  const events = await server.request(address)
  assert.match(events.headers.get('Content-Type')!, /^text\/event-stream/)
  return events
}
