import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { newSecretKey } from '../server/secret.ts'
import { installLango, until } from '../testing/command.ts'
import { createTestDatabase } from '../testing/database.ts'
import { root } from '../testing/tidy.ts'

type Exported = {
  resourceSpans: { resource: { attributes: unknown }; scopeSpans: { spans: { name: string }[] }[] }[]
}

test('with deploy/otel.mjs before it, a Lango tells a collector of a payment, and its last spans as it ends', async () => {
  const exported: Exported[] = []
  const collector = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
    request.on('end', () => {
      if (request.url === '/v1/traces') exported.push(JSON.parse(text) as Exported)
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const database = await createTestDatabase()
  const lango = await installLango({
    DATABASE_URL: database.url,
    LANGO_SECRET_KEY: newSecretKey(),
    NODE_OPTIONS: `--import ${pathToFileURL(join(root, 'deploy/otel.mjs')).href}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_SERVICE_NAME: 'lango-one',
    OTEL_TRACES_SAMPLER_ARG: '1',
  })
  try {
    const node = await lango.started()
    const { data } = await lango.call('POST', '/v1/payments', { amount: 70, phone: '0708374149' })
    await until(async () => (await lango.call('GET', `/v1/payments/${data.id}`)).data.status === 'completed')
    assert.equal(await node.end('SIGTERM'), 0)
    const told = exported.flatMap(({ resourceSpans }) => resourceSpans)
    const names = told.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)))
    for (const name of [
      'POST /v1/payments',
      'POST /mpesa/stkpush/v1/processrequest',
      'POST /v1/in/:token',
      'settlePayments',
    ])
      assert.ok(names.includes(name), `${name} is none of ${[...new Set(names)].join()}`)
    assert.match(JSON.stringify(told[0]!.resource), /lango-one/)
    assert.doesNotMatch(JSON.stringify(exported), /708374149/)
  } finally {
    await lango.remove()
    await database.drop()
    collector.close()
  }
})
