import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { installLango } from '../testing/command.ts'
import type { Lango, Ran } from '../testing/command.ts'
import { run } from './lango.ts'
import { happenings } from './trigger/happenings.ts'

let lango: Lango

before(async () => {
  lango = await installLango()
  await lango.started()
})

after(() => lango.remove())

/** Types a line in this process, which is quicker, and answers what came of it. */
async function type(...argv: string[]): Promise<Ran> {
  const ran: Ran = { code: null, answer: '', remark: '' }
  const { key } = JSON.parse(readFileSync(join(lango.home, 'demo.json'), 'utf8')) as { key: string }
  const where = ['--url', lango.url, ...(argv.includes('--key') ? [] : ['--key', key])]
  const simulator = argv[0] === 'trigger' ? ['--simulator', lango.simulatorUrl] : []
  ran.code = await run([...argv, ...where, ...simulator], {
    answer: (text) => void (ran.answer += `${text}\n`),
    remark: (text) => void (ran.remark += `${text}\n`),
  })
  return ran
}

async function answerOf(...argv: string[]): Promise<any> {
  const { code, answer, remark } = await type(...argv, '--json')
  assert.equal(code, 0, remark)
  return JSON.parse(answer)
}

test('every event that can be triggered comes', async () => {
  await lango.run(['payouts', 'enable', '--merchant', 'demo', '--daily-limit', '100000'])
  assert.deepEqual(
    (await answerOf('trigger', '--list')).map(({ type }: { type: string }) => type),
    Object.keys(happenings),
  )
  for (const type of Object.keys(happenings)) assert.equal((await answerOf('trigger', type)).type, type)
})

test('what cannot be triggered is told, with what can', async () => {
  const { code, remark } = await type('trigger', 'payment.complete')
  assert.equal(code, 2)
  assert.match(remark, /^"payment\.complete" cannot be made to happen\. Did you mean payment\.completed\? There are: /)
  const live = await type('trigger', 'payment.completed', '--key', 'sk_live_x')
  assert.equal(live.remark, 'A live key is no key for trigger. Give a test key, sk_test_….\n')
})

test('payments are listed and shown, plain where they are piped', async () => {
  const [failed] = await answerOf('payments', 'list', '--status', 'failed')
  const [completed] = await answerOf('payments', 'list', '--status', 'completed', '--limit', '1')
  const { answer } = await type('payments', 'list')
  assert.match(answer, new RegExp(`${failed.id} +KES 100\\.00  failed +254700001032 .*cancelled_by_payer`))
  assert.ok(!answer.includes('\u001b'))
  const shown = await answerOf('payments', 'show', completed.provider_receipt)
  assert.deepEqual([shown.payment.id, shown.evidence[0].source], [completed.id, 'ack'])
  const told = await type('payments', 'show', failed.id)
  assert.match(told.answer, /^pay_\S+ {2}failed\n {2}amount .*KES 100\.00\n/)
  assert.match(told.answer, /callback +failure +/)
  const none = await type('payments', 'show', 'NOTHING123')
  assert.deepEqual([none.code, none.remark], [1, 'There is no payment "NOTHING123".\n'])
})

test('webhook endpoints are listed, and events sent again by id, by failure and by time', async () => {
  const url = 'http://localhost:9/hook'
  const { data: endpoint } = await lango.call('POST', '/v1/webhook-endpoints', { url })
  const { answer } = await type('webhooks', 'list')
  assert.match(answer, new RegExp(`^${endpoint.id}  test  enabled  ${url}  all events`))
  assert.deepEqual(await answerOf('webhooks', 'redeliver', '--failed'), { redelivered: 0 })
  const { redelivered } = await answerOf('webhooks', 'redeliver', '--since', '2020-01-01', '--missed')
  assert.ok(redelivered > 5)
  const [delivery] = (await lango.call('GET', '/v1/deliveries')).data
  assert.equal((await answerOf('webhooks', 'redeliver', delivery.id)).id, delivery.id)
  assert.equal((await answerOf('webhooks', 'redeliver', delivery.event_id))[0].event_id, delivery.event_id)
  const unsaid = await type('webhooks', 'redeliver')
  assert.deepEqual(
    [unsaid.code, unsaid.remark],
    [2, 'Say what to send again: an id, --failed, or --since with a day.\n'],
  )
})

test('the log tells of payments, events and deliveries in order, and goes on', async () => {
  const { answer } = await type('logs', '--limit', '100', '--json')
  const lines = answer
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(new Set(lines.map(({ kind }) => kind)), new Set(['payment', 'event', 'delivery']))
  assert.deepEqual(
    lines.map(({ at }) => at),
    lines.map(({ at }) => at).toSorted(),
  )
  const following = lango.begin(['logs', '--follow', '--limit', '100'])
  await following.says(/payment\.completed pay_/)
  const { id } = await answerOf('trigger', 'c2b.received')
  await following.says(new RegExp(`event     ${id}  c2b\\.received`))
  assert.equal(await following.end(), 0)
})

test('pay says in plain words why a phone could not ring', async () => {
  for (const [phone, told] of [
    [
      '254700001037',
      /Not paid\. The phone is off, without signal, .* \(payer_unreachable, M-Pesa's code 1037, 254700001037\)/,
    ],
    ['254700001001', /Not paid\. Another M-PESA session is open on the phone\. .* \(payer_busy, /],
    ['254700002001', /Not paid\. .*PIN.* \(wrong_pin, /],
  ] as const) {
    const { code, answer } = await type('pay', phone, '10')
    assert.equal(code, 1)
    assert.match(answer, told)
  }
})
