import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { addressOf } from '../../testing/address-of.ts'
import { stkCallback } from '../../testing/stk-callback.ts'
import { story } from '../../testing/story.ts'
import type { Story } from '../../testing/story.ts'
import { eventTypes } from '../events/event-type.ts'
import { createNode } from '../node.ts'
import { toldEvents } from './event-schemas.ts'

async function documentOf({ context }: Story): Promise<any> {
  return (await createNode(context).app.request('/v1/openapi.json')).json()
}

test('every operation has an id of its own, a tag that is explained, a summary, a description, and its failures', () =>
  story({}, async (told) => {
    const document = await documentOf(told)
    const operations: any[] = Object.values(document.paths).flatMap((methods: any) => Object.values(methods))
    assert.ok(operations.length > 70)
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
    const tags = new Set(document.tags.map(({ name }: any) => name))
    for (const { operationId, tags: own, summary, description, responses } of operations) {
      assert.match(operationId, /^[a-z][A-Za-z0-9]+$/)
      assert.ok(own.length > 0 && own.every((tag: string) => tags.has(tag)), operationId)
      assert.ok(summary && description, operationId)
      for (const status of ['400', '401', '403', '429', 'default']) assert.ok(responses[status], operationId + status)
    }
  }))

test('every example is what its own schema takes', () =>
  story({}, async (told) => {
    const document = await documentOf(told)
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema(document, 'document')
    let examples = 0
    for (const [path, methods] of Object.entries<any>(document.paths))
      for (const [method, { requestBody, responses }] of Object.entries<any>(methods))
        for (const [place, content] of [
          ['requestBody', requestBody?.content],
          ...Object.entries<any>(responses).map(([status, answer]) => [`responses/${status}`, answer.content]),
        ] as [string, any][])
          for (const [type, { example }] of Object.entries<any>(content ?? {})) {
            if (example === undefined) continue
            const escaped = [path, type].map((step) => step.replaceAll('/', '~1'))
            const pointer = `/paths/${escaped[0]}/${method}/${place}/content/${escaped[1]}/schema`
            const validate = ajv.compile({ $ref: `document#${encodeURI(pointer)}` })
            assert.ok(validate(example), `${method} ${path} ${place}: ${ajv.errorsText(validate.errors)}`)
            examples++
          }
    assert.ok(examples > 500)
  }))

test('what Lango posts stands there by its type', () =>
  story({}, async (told) => {
    const { webhooks } = await documentOf(told)
    assert.deepEqual(Object.keys(webhooks).toSorted(), eventTypes.toSorted())
    assert.deepEqual(Object.keys(webhooks), Object.keys(toldEvents))
  }))

test('every event says what its schema says, and no more', () =>
  story({}, async (told) => {
    const { call, simulator } = told
    await call('POST', '/v1/mpesa/c2b/register')
    const paid = await told.pay({ phone: '0708374149' })
    const failed = await told.pay({ phone: '0799000120' })
    simulator.phones.get('0799000120').cancel()
    await simulator.phones.get('0712345678').pay({ shortcode: '174379', amount: 70, reference: 'SHOES' })
    await told.payment(failed.id)
    assert.equal((await call('POST', '/v1/refunds', { payment_id: paid.id })).status, 201)
    await told.advance('1 s')
    const odd = await told.pay({ phone: '0799000121' })
    await told.post(addressOf(told, 'payment', odd.id), stkCallback('ws_CO_another'))
    await told.sweep('attention')
    const { body } = await call('GET', '/v1/events?limit=100')
    const seen = new Set<string>()
    for (const { type, data } of body.data) {
      toldEvents[type as keyof typeof toldEvents]!.data.parse(data)
      seen.add(type)
    }
    for (const type of [
      'payment.completed',
      'payment.failed',
      'payment.reversed',
      'refund.completed',
      'c2b.received',
      'attention.needed',
    ])
      assert.ok(seen.has(type), `${type} was not told.`)
  }))
