import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Block } from './blocks.ts'
import { root } from './tidy.ts'

/** What a reader has at hand: their own code, and what earlier blocks or a sentence above have named. */
const atHand = `
declare global {
  const request: Request
  const body: string
  const url: string
  const databaseUrl: string
  const secretKey: string
  const invoiceNumber: string
  const expectedCents: number
  const lango: import('@lango/client').Lango
  const verifyWebhook: typeof import('@lango/client').verifyWebhook
  const daraja: import('@lango/daraja').Daraja
  type TokenStore = import('@lango/daraja').TokenStore
  ${names('@lango/daraja', 'parseStkCallback describeResult acknowledgeCallback')}
  const pesaflow: import('@lango/pesaflow').Pesaflow
  ${names('@lango/pesaflow', 'paymentStatus paymentState parseIpn verifyIpn')}
  ${own('remember fail wait paid failed redirect later keep check count ship markPaid readTokenFromDatabase replaceTokenInDatabase')}
}
export {}
`

/** A reader's shop, which takes its `fetch` from outside. */
const shop = `
export declare function createShop(parts: { fetch: (request: Request) => Promise<Response> }): {
  fetch(request: Request): Promise<Response>
  sell(order: { phone: string; amount: number }): Promise<string>
  statusOf(order: string): Promise<string>
}
`

function names(from: string, all: string): string {
  return all
    .split(' ')
    .map((name) => `const ${name}: typeof import('${from}').${name}`)
    .join('\n')
}

function own(all: string): string {
  return all
    .split(' ')
    .map((name) => `function ${name}(...of: unknown[]): Promise<any>`)
    .join('\n')
}

/** What the compiler says to blocks of TypeScript, each as a file of its own beside the packages. Empty when all is well. */
export function typeErrorsOf(blocks: Block[]): string {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'blocks-'))
  try {
    const files = blocks.map((block) => {
      const file = `${block.path.replaceAll('/', '_')}_${block.line}.ts`
      writeFileSync(join(folder, file), moduleOf(block.text))
      return file
    })
    writeFileSync(join(folder, 'at-hand.ts'), atHand)
    writeFileSync(join(folder, 'shop.ts'), shop)
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const project = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions,
      files: [...files, 'at-hand.ts'],
      include: [],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
    const tsc = join(root, 'node_modules/.bin/tsc')
    return spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The block as a module. What it does stands in a function, where it may also `return`; what it imports or exports may not. */
function moduleOf(text: string): string {
  if (/^export /m.test(text)) return text
  const imports = text.match(/^import .*$/gm) ?? []
  return `${imports.join('\n')}\nexport async function block() {\n${text.replace(/^import .*$/gm, '')}\n}\n`
}
