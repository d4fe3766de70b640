import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { newSecretKey } from '../server/secret.ts'
import type { Block } from './blocks.ts'
import { installLango, keptKey, until } from './command.ts'
import type { Lango } from './command.ts'
import { createTestDatabase } from './database.ts'
import { openShop } from './shop.ts'
import type { Shop } from './shop.ts'
import { root } from './tidy.ts'

/** Somebody who reads a document beside a Lango that runs, and types what it says. */
export type Reader = {
  /** Runs a block, with what is at hand in the place of `pay_…` and the like. @throws when a command of it fails */
  type(block: Block): Promise<void>
  leave(): Promise<void>
}

type World = { lango: Lango; shop: Shop }

/** What stands in a block, for what it stands. */
type AtHand = Record<string, string>

/** What has happened before a block that says this, and what it has left at hand. */
const scenes: [RegExp, (world: World) => Promise<AtHand>][] = [
  [/inv_…/, billed],
  [/money-in\/UKK…\/assign/, assignable],
  [/money-in\/UKK…\/refund/, async (world) => ({ 'UKK…': await paidFromMenu(world) })],
  [/payments\/pay_…\/check/, async (world) => ({ 'pay_…': await answered(world) })],
  [/attention\/pay_…\/resolve/, needsAPerson],
  [
    /acc_…/,
    async ({ lango }) => ({ 'acc_…': (await lango.call('GET', '/v1/merchant/accounts')).data.find(isNoDefault).id }),
  ],
  [/lnk_…/, async ({ lango }) => ({ 'lnk_…': (await lango.call('GET', '/v1/payment-links')).data[0].id })],
  [/\bpay_…/, async (world) => ({ 'pay_…': (await paid(world)).id })],
  [/(dlv|evt|whe)_…/, delivered],
  [/reconciliation\/mpesa\/register .*\n.*merchant\/webhook/, backInTheSimulator],
  [/rec_…/, async ({ lango }) => ({ 'rec_…': (await lango.call('GET', '/v1/reconciliation/runs')).data[0].id })],
]

const isNoDefault = (account: { is_default: boolean }) => !account.is_default

const prelude = (): string => `set -euo pipefail
curl() { command curl --silent --show-error --fail-with-body "$@"; }
# The doctor ends with 1 when it has found something to mend, as it does on a machine that nobody can reach.
lango() { '${process.execPath}' '${join(root, 'cli/lango.mjs')}' "$@" || [ "$1 $?" = 'doctor 1' ]; }
npm() { [ "$1 $2 $3" = 'exec -- lango' ] && lango "\${@:4}"; }
npx() { [ "$1" = lango ] && lango "\${@:2}"; }
# What nearly every page begins with, for those that point to another for it.
KEY=sk_test_…
api() { curl -s "http://localhost:4000/v1/$1" -H "X-API-Key: $KEY" "\${@:2}"; }
json='Content-Type: application/json'
`

/** Starts a Lango for one document, as `npm start` does, with a shop on the port that documents call 3000. */
export async function createReader(): Promise<Reader> {
  const database = await createTestDatabase()
  const shop = await openShop()
  const lango = await installLango({ DATABASE_URL: database.url, LANGO_SECRET_KEY: newSecretKey() })
  await lango.started()
  writeFileSync(join(lango.home, 'logo.png'), pixel)
  const world = { lango, shop }
  let definitions = ''
  return {
    async type(block) {
      const atHand = await scenes.find(([says]) => says.test(block.text))?.[1](world)
      const said = place(`${prelude()}${definitions}${block.text}`, { ...ownAddresses(world), ...atHand })
      await run(world, said, block)
      if (isDefinition(block)) definitions += block.text
    },
    async leave() {
      await lango.remove()
      shop.close()
      await database.drop()
    },
  }
}

/** An invoice, and money of its customer that nobody knows of. */
async function billed(world: World): Promise<AtHand> {
  const lines = [{ description: 'Unga', unit_amount: 1000 }]
  const { data } = await world.lango.call('POST', '/v1/invoices', { lines, instalments: true })
  return { 'inv_…': data.id, 'UKK…': await paidFromMenu(world) }
}

/** A block that only says what later ones mean by a word. */
function isDefinition({ text }: Block): boolean {
  return text.split('\n').every((line) => /^(export )?\w+=|^\w+\(\) \{|^#|^$/.test(line))
}

function ownAddresses({ lango, shop }: World): AtHand {
  return {
    'http://localhost:4000': lango.url,
    'http://localhost:4010': lango.simulatorUrl,
    'http://localhost:3000': new URL(shop.url).origin,
    'sk_test_…': keptKey(lango.home),
  }
}

function place(text: string, atHand: AtHand): string {
  return Object.entries(atHand).reduce((said, [name, value]) => said.replaceAll(name, value), text)
}

async function run({ lango }: World, script: string, { path, line }: Block): Promise<void> {
  const bash = spawn('bash', ['-c', script], { cwd: lango.home, env: lango.environment })
  const [answer, remark, [code]] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'close')])
  if (code !== 0) throw new Error(`${path}:${line} ends with ${code}:\n${answer}\n${remark}\nIt was:\n${script}`)
}

/** A payment by prompt, whose PIN was entered. Each is of a phone of its own, since those of the document may be ringing. */
async function answered({ lango }: World): Promise<string> {
  const account_reference = `INV-${randomInt(1e6)}`
  const asked = { amount: 100, phone: `07220${randomInt(10_000, 99_999)}`, account_reference }
  const { data } = await lango.call('POST', '/v1/payments', asked)
  await enterPin(lango, account_reference)
  return data.id
}

async function paid(world: World) {
  const id = await answered(world)
  const payment = async () => (await world.lango.call('GET', `/v1/payments/${id}`)).data
  await until(async () => (await payment()).provider_receipt)
  return payment()
}

async function enterPin(lango: Lango, reference: string): Promise<void> {
  type Prompt = { id: string; account_reference: string }
  const prompt = async () =>
    ((await lango.control('GET', '/prompts')) as Prompt[]).find((open) => open.account_reference === reference)
  await until(async () => (await prompt()) !== undefined)
  await lango.control('POST', `/prompts/${(await prompt())!.id}/answer`, { pin: '1234' })
}

/** Money with a reference that every rule of the documents lets in, and no payment has. Answers its receipt. */
async function paidFromMenu({ lango }: World): Promise<string> {
  const pay = { shortcode: '174379', amount: 250, reference: 'RENT' }
  const { receipt } = await lango.control('POST', `/phones/07221${randomInt(10_000, 99_999)}/pay`, pay)
  await until(async () => JSON.stringify(await lango.call('GET', '/v1/money-in')).includes(receipt))
  return receipt
}

async function assignable(world: World): Promise<AtHand> {
  const receipt = await paidFromMenu(world)
  const asked = { amount: 250, phone: '0799000120', account_reference: 'INV-9' }
  const { data } = await world.lango.call('POST', '/v1/payments', asked)
  return { 'UKK…': receipt, 'pay_…': data.id }
}

async function needsAPerson(world: World): Promise<AtHand> {
  await paidFromMenu(world)
  let listed: { id: string }[] = []
  await until(async () => (listed = (await world.lango.call('GET', '/v1/attention')).data).length > 0)
  return { 'pay_…': listed[0]!.id }
}

/** What a page sets up for the sandbox is not asked of it here. */
async function backInTheSimulator({ lango }: World): Promise<AtHand> {
  const words = 'merchants provider mpesa --merchant demo --env simulator --shortcode 174379'
  const { code, remark } = await lango.run(words.split(' '))
  if (code !== 0) throw new Error(remark)
  return {}
}

async function delivered(world: World): Promise<AtHand> {
  const { lango, shop } = world
  const { data: endpoint } = await lango.call('POST', '/v1/webhook-endpoints', { url: shop.url })
  await paid(world)
  const deliveries = async () => (await lango.call('GET', `/v1/deliveries?endpoint_id=${endpoint.id}`)).data
  await until(async () => (await deliveries()).some(({ status }: { status: string }) => status !== 'pending'))
  const [delivery] = await deliveries()
  return { 'dlv_…': delivery.id, 'evt_…': delivery.event_id, 'whe_…': endpoint.id }
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
