import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { systemClock } from '../server/clock.ts'
import { newWebhookSecret } from '../server/webhooks/secret.ts'
import { signMessage } from '../server/webhooks/sign.ts'
import { importBlock, runBlock, syntaxErrorOf } from './block-runtimes.ts'
import { typeErrorsOf } from './block-types.ts'
import type { Post } from './block-runtimes.ts'
import { readBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'
import { typeCommands, typedAlways, untyped } from './document-commands.ts'

const blocks = readBlocks()
const inLanguage = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language))

test('every block of the documents is of a language that is tried here, or is what a program prints', () => {
  const known = ['', 'sh', 'ts', 'js', 'json', 'python', 'php', 'java']
  const others = blocks.filter(({ language }) => !known.includes(language))
  assert.deepEqual(others.map(placeOf), [])
  for (const [commands, why] of untyped)
    assert.ok(
      blocks.some(({ text }) => commands.test(text)),
      `No document says ${commands}. (${why})`,
    )
})

typeCommands((path) => typedAlways.has(path))

test('the TypeScript of the documents fits the packages that it uses', () => {
  assert.equal(typeErrorsOf(inLanguage('ts')), '')
})

/** Blocks that verify what was signed are run. */
const verifies = ({ text }: Block) => text.includes('webhook-signature')

describe('a block can be read in its language', () => {
  for (const block of inLanguage('js', 'json', 'python', 'php', 'java').filter((block) => !verifies(block))) {
    test(placeOf(block), (t) => {
      const error = syntaxErrorOf(block)
      if (error === undefined) t.skip(`This machine has no ${block.language}.`)
      else assert.equal(error, '')
    })
  }
})

type Judged = Post & { isGenuine: boolean }

/** What may come to a webhook route: from Lango, from somebody else, late, changed. */
function posts(): Judged[] {
  const [secret, previous] = [newWebhookSecret(), newWebhookSecret()]
  const data = { external_reference: 'order-204', provider_receipt: 'UKK7X2M4QA', payer: { name: 'Wanjikũ' } }
  const body = JSON.stringify({ id: 'evt_1', type: 'payment.completed', data })
  const sign = (secondsAgo: number, secrets: { current: string; previous?: string }) => {
    const at = new Date(systemClock.now().getTime() - secondsAgo * 1000)
    const headers = signMessage({ id: 'evt_1', type: 'payment.completed', body, at }, secrets)
    return Object.fromEntries(
      Object.entries(headers).filter(([name]) => name.startsWith('webhook-')),
    ) as Post['headers']
  }
  const genuine = { body, headers: sign(0, { current: secret }), secret, isGenuine: true }
  const forged = { ...genuine, isGenuine: false }
  return [
    genuine,
    { ...genuine, headers: sign(0, { current: previous, previous: secret }) },
    { ...forged, headers: sign(0, { current: previous }) },
    { ...forged, body: body.replace('204', '205') },
    { ...forged, headers: sign(600, { current: secret }) },
    { ...forged, headers: sign(-600, { current: secret }) },
    { ...forged, headers: { ...genuine.headers, 'webhook-signature': 'v1,abc v2,abc abc' } },
    { ...forged, headers: { ...genuine.headers, 'webhook-timestamp': 'yesterday' } },
    { ...forged, headers: {} },
  ]
}

describe('a function of the documents tells what Lango signed from what it did not', () => {
  for (const block of inLanguage('python', 'php', 'java').filter(verifies)) {
    test(placeOf(block), (t) => {
      const judged = posts()
      const verdicts = runBlock(block, judged)
      if (verdicts === undefined) return t.skip(`This machine has no ${block.language}.`)
      assert.deepEqual(
        verdicts,
        judged.map(({ isGenuine }) => isGenuine),
      )
    })
  }
})

type Send = (request: Request) => Promise<number>

/** How a request reaches the route of a block. */
const doors: Record<string, (module: any, send: (door: Send) => Promise<void>) => Promise<void>> = {
  "from 'express'": (module, send) => servedAt(module.app, send),
  "from 'hono'": (module, send) => send(async (request) => (await module.app.fetch(request)).status),
  'function POST': (module, send) => send(async (request) => (await module.POST(request)).status),
}

describe('a webhook route of the documents believes what Lango signed, and nothing else', () => {
  for (const [says, enter] of Object.entries(doors)) {
    test(says, async () => {
      const block = inLanguage('ts', 'js').find(({ path, text }) => path.includes('framework') && text.includes(says))!
      const paid: unknown[][] = []
      Object.assign(globalThis, { markPaid: (...order: unknown[]) => paid.push(order) })
      const module = await importBlock(block)
      await enter(module, async (send) => {
        for (const { body, headers, secret, isGenuine } of posts()) {
          process.env['LANGO_WEBHOOK_SECRET'] = secret
          const request = new Request('http://localhost/lango', {
            method: 'POST',
            body,
            headers: { 'Content-Type': 'application/json', ...headers },
          })
          assert.equal(await send(request), isGenuine ? 204 : 400)
        }
      })
      assert.deepEqual(paid, [
        ['order-204', 'UKK7X2M4QA'],
        ['order-204', 'UKK7X2M4QA'],
      ])
    })
  }
})

async function servedAt(listener: RequestListener, send: (door: Send) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    await send(async (request) => (await fetch(new Request(`http://127.0.0.1:${port}/lango`, request))).status)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

function placeOf({ path, line, language }: Block): string {
  return `${path}:${line} (${language})`
}
