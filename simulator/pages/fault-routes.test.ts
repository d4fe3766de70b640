import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listen, submit, textOf } from '../testing/browser.ts'
import { askToPay } from '../testing/daraja.ts'
import { merchant } from '../testing/merchant.ts'

const rule = { fault: 'late_callback', api: 'stkpush', msisdn: '0712345678', percent: '25', seconds: '1.5' }

test('rules are added and removed by forms, and keep the seed', async () => {
  const { simulator } = merchant()
  assert.match(await textOf(simulator, '/faults'), /All goes well\./)
  await submit(simulator, '/faults/seed', { seed: 'storm-7' })
  await submit(simulator, '/faults/rules', { ...rule, msisdn: '', seconds: '', percent: '100' })
  await submit(simulator, '/faults/rules', rule)
  const late = {
    api: 'stkpush',
    msisdn: '254712345678',
    fault: 'late_callback',
    probability: 0.25,
    delay_ms: 1500,
  } as const
  assert.deepEqual(simulator.faults.get(), {
    seed: 'storm-7',
    rules: [{ api: 'stkpush', fault: 'late_callback', probability: 1 }, late],
  })
  await submit(simulator, '/faults/rules/0/remove')
  assert.deepEqual(simulator.faults.get(), { seed: 'storm-7', rules: [late] })
  await submit(simulator, '/faults/seed', { seed: ' ' })
  assert.deepEqual(simulator.faults.get(), { rules: [late] })
})

for (const [typed, complaint] of [
  [{ percent: '130' }, 'probability must be a number from 0 to 1.'],
  [{ percent: '' }, 'probability must be a number from 0 to 1.'],
  [{ msisdn: '12' }, 'msisdn must be a Kenyan mobile number.'],
  [{ seconds: '-1' }, 'delay_ms must be a number of milliseconds, 0 or more.'],
  [{ fault: 'rain' }, 'fault must be one of'],
] as const) {
  test(`a rule with ${JSON.stringify(typed)} is refused, and what was typed stays`, async () => {
    const { simulator } = merchant()
    const refused = await submit(simulator, '/faults/rules', { ...rule, ...typed })
    const page = await refused.text()
    assert.equal(refused.status, 400)
    assert.ok(page.includes(complaint) && page.includes('value="stkpush" selected'))
    assert.deepEqual(simulator.faults.get(), { rules: [] })
  })
}

test('the log tells of requests and callbacks, and can be narrowed to an API or a phone', async () => {
  const { simulator } = merchant()
  assert.match(await textOf(simulator, '/faults'), /Nothing yet\. Set the base URL of a Daraja client to/)
  await askToPay(simulator)
  await askToPay(simulator, { PhoneNumber: '254712345678' })
  await simulator.settled()
  const rows = async (query: string) =>
    (await textOf(simulator, `/faults?${query}`)).match(/<li\s+class="entry/g)?.length ?? 0
  assert.equal(await rows(''), 5)
  assert.equal(await rows('only-api=oauth'), 2)
  assert.equal(await rows('only-phone=0708+374+149'), 2)
  assert.equal(await rows('only-api=stkpush&only-phone=0712345678'), 1)
  assert.equal(await rows('only-phone=nobody'), 0)
  assert.match(await textOf(simulator, '/faults'), /&quot;AccountReference&quot;: &quot;INV-1&quot;/)
})

test('a callback is sent again, sent late, and dropped while it waits', async () => {
  const { simulator, clock, callbacks } = merchant()
  await askToPay(simulator)
  await simulator.settled()
  const logged = () => simulator.log().filter(({ direction }) => direction === 'out')
  const id = logged()[0]?.id ?? ''

  await submit(simulator, `/faults/log/${id}/again`)
  await simulator.settled()
  assert.equal(callbacks().length, 2)

  await submit(simulator, `/faults/log/${id}/late`, { late_seconds: '30' })
  assert.match(await textOf(simulator, '/faults'), /Held until 20:15:35/)
  await clock.advance('30 s')
  await simulator.settled()
  assert.equal(callbacks().length, 3)

  await submit(simulator, `/faults/log/${id}/late`, { late_seconds: '30' })
  await submit(simulator, `/faults/log/${logged().at(-1)?.id}/drop`)
  await clock.advance('1 minute')
  assert.equal(callbacks().length, 3)
  assert.match(await textOf(simulator, '/faults'), /Dropped/)

  for (const [path, fields, complaint] of [
    [`/faults/log/${id}/drop`, {}, 'so it cannot be dropped any more.'],
    ['/faults/log/log_999/again', {}, 'The log has no callback log_999.'],
    [`/faults/log/${id}/late`, { late_seconds: 'soon' }, 'Say after how many seconds to send it.'],
  ] as const) {
    const refused = await submit(simulator, path, fields)
    assert.equal(refused.status, 400)
    assert.ok((await refused.text()).includes(complaint), complaint)
  }
})

test('the page is told of each request as it comes, of how it ended, and only of what it shows', async () => {
  const { simulator } = merchant()
  const page = await listen(simulator, '/faults/live?only-api=stkpush&only-phone=')
  assert.match((await page.next()).message ?? '', /id="rules"/)
  await askToPay(simulator, { PhoneNumber: '254712345678' })
  await simulator.settled()
  const asked = (await page.next()).message ?? ''
  assert.deepEqual(asked.match(/id="log_\d+"/g), ['id="log_2"'])
  simulator.phones.get('0712345678').cancel()
  await simulator.settled()
  assert.deepEqual((await page.next()).message?.match(/id="log_\d+"/g), ['id="log_3"'])
  await page.stop()
})

test('in a storm the page keeps the newest two hundred lines', async () => {
  const { simulator } = merchant()
  await Promise.all(Array.from({ length: 250 }, () => simulator.fetch('/oauth/v1/generate')))
  assert.equal((await textOf(simulator, '/faults')).match(/<li\s+class="entry/g)?.length, 200)
  const page = await listen(simulator, '/faults/live?only-api=&only-phone=')
  assert.equal((await page.next()).message?.match(/<li\s+class="entry/g)?.length, 200)
  await simulator.fetch('/oauth/v1/generate')
  const { message, gone } = await page.next()
  assert.equal(message?.match(/<li\s+class="entry/g)?.length, 1)
  assert.deepEqual(JSON.parse(gone ?? ''), ['log_51'])
  await page.stop()
})

test('everything is forgotten on request', async () => {
  const { simulator } = merchant()
  await submit(simulator, '/faults/rules', rule)
  const { status } = await submit(simulator, '/faults/reset')
  assert.equal(status, 303)
  assert.deepEqual(simulator.faults.get(), { rules: [] })
})
