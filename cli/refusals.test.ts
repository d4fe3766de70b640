import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newSecretKey } from '../server/secret.ts'
import { installLango } from '../testing/command.ts'
import type { Lango } from '../testing/command.ts'
import { createTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

let lango: Lango
let database: TestDatabase
const secretKey = newSecretKey()

before(async () => {
  lango = await installLango()
  database = await createTestDatabase()
})

after(async () => {
  await lango.remove()
  await database.drop()
})

/** Starts with these settings, sees that it does not come up, and answers the one sentence that it says. */
async function refusal(settings: Record<string, string> = {}): Promise<string> {
  const { code, remark } = await lango.run(['start'], settings)
  assert.equal(code, 1, remark)
  assert.doesNotMatch(remark, /\n\s+at /, 'without a stack')
  assert.match(remark, /^[^\n]+\n$/, 'one sentence')
  return remark
}

const own = (url = database.url) => ({ DATABASE_URL: url, LANGO_SECRET_KEY: secretKey })

function changed(change: (url: URL) => void): Record<string, string> {
  const url = new URL(database.url)
  change(url)
  return own(url.href)
}

test('a bad setting is named before anything is made', async () => {
  assert.match(await refusal({ TRUSTED_PROXIES: '10.0.0.0/99' }), /^Bad setting TRUSTED_PROXIES: .*"10\.0\.0\.0\/99"/)
  assert.deepEqual(readdirSync(lango.home), [])
})

test('a home that is a file is named', async () => {
  const file = join(lango.home, 'file')
  writeFileSync(file, 'mine')
  assert.match(await refusal({ LANGO_HOME: file }), /^LANGO_HOME cannot be .*\/file: it is a file\. /)
  assert.match(await refusal({ LANGO_HOME: join(file, 'below') }), /^LANGO_HOME cannot be .*: it lies below a file\. /)
  rmSync(file)
})

test('a lango.config.json that cannot be read is named', async () => {
  const file = join(lango.home, 'lango.config.json')
  for (const [content, told] of [
    ['{"PORT": ', /lango\.config\.json is not JSON: /],
    ['[4000]', /lango\.config\.json must hold one object/],
    ['{"PROT": 4000}', /^Unknown setting PROT\. /],
  ] as const) {
    writeFileSync(file, content)
    assert.match(await refusal(), told)
  }
  rmSync(file)
})

test('a database that cannot be used is named, and its password is not', async () => {
  const { username, password } = new URL(database.url)
  const refusals: [settings: Record<string, string>, told: RegExp][] = [
    [
      changed((url) => (url.password = 'guess')),
      new RegExp(`refuses the password of the user "${username}": correct DATABASE_URL`),
    ],
    [changed((url) => (url.pathname = '/nowhere')), /has no database "nowhere"/],
    [own('postgres://lango:guess@127.0.0.1:1/lango'), /^No PostgreSQL listens at 127\.0\.0\.1:1: start it there/],
    [own('postgres://lango:guess@nowhere.invalid/lango'), /^There is no host that is named as in nowhere\.invalid/],
  ]
  for (const [settings, told] of refusals) {
    const said = await refusal(settings)
    assert.match(said, told)
    assert.equal(said.includes(password) || said.includes('guess'), false)
  }
})

test('a database that belongs to another secret key is not touched', async () => {
  const first = await installLango(own())
  try {
    await (await first.started()).end()
    const said = await refusal({ ...own(), LANGO_SECRET_KEY: newSecretKey() })
    assert.match(said, /^This database belongs to the secret key [0-9a-f]{8}, and LANGO_SECRET_KEY is the key /)
  } finally {
    await first.remove()
  }
})

test('a port that is taken, and a host that is not here, are named with their setting', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const taken = String((server.address() as { port: number }).port)
  try {
    assert.match(await refusal({ ...own(), PORT: taken }), new RegExp(`^Port ${taken} is taken .* set PORT to another`))
    assert.match(
      await refusal({ ...own(), SIMULATOR_PORT: taken }),
      /^Port \d+ is taken .* set SIMULATOR_PORT to another/,
    )
    assert.match(
      await refusal({ ...own(), HOST: '203.0.113.7' }),
      /^203\.0\.113\.7 is no address of this machine\. Set HOST /,
    )
    assert.match(
      await refusal({ ...own(), HOST: 'nowhere.invalid' }),
      /^There is no host "nowhere\.invalid" here\. Set HOST /,
    )
  } finally {
    server.close()
  }
})

test('a damaged demo.json is named', async () => {
  const file = join(lango.home, 'demo.json')
  for (const content of ['{"merchant_id": "mer_', 'null']) {
    writeFileSync(file, content)
    assert.match(await refusal(own()), /demo\.json is damaged: it holds no API key\. Remove it, /)
  }
  rmSync(file)
})

test('a damaged state of the simulator is named', async () => {
  const file = join(lango.home, 'simulator.json')
  writeFileSync(file, '{"mine": true}')
  assert.match(await refusal(own()), /simulator\.json is no state of this simulator\. Move it away/)
  rmSync(file)
})

test('a secret key that is lost beside its database is not replaced by another', async () => {
  mkdirSync(join(lango.home, 'database', 'data'), { recursive: true })
  const said = await refusal()
  assert.match(said, /secret-key is missing, and the database in .*\/database is sealed with it\. Bring it back/)
  assert.equal(existsSync(join(lango.home, 'secret-key')), false)
  writeFileSync(join(lango.home, 'secret-key'), 'damaged')
  assert.match(await refusal(), /secret-key holds no secret key, which is 64 hex digits\. Bring it back/)
  rmSync(join(lango.home, 'secret-key'))
  rmSync(join(lango.home, 'database'), { recursive: true })
})

test('a command where there is no Lango says so, and makes none', async () => {
  for (const argv of [['merchants', 'list'], ['doctor'], ['migrate'], ['pay', '0712345678', '100']]) {
    const { code, remark } = await lango.run(argv)
    assert.equal(code, 1)
    assert.match(remark, /^There is no (Lango|demo key) in .*\. .*lango start/)
  }
  assert.deepEqual(readdirSync(lango.home), [])
})
