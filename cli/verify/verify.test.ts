import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSimulator, sandboxPasskey, serveSimulator } from '@lango/simulator'
import { run } from '../lango.ts'
import { mpesaDirect } from './mpesa-direct.ts'
import { pesaflowDirect } from './pesaflow-direct.ts'
import { Missing, tryCase } from './notebook.ts'
import { redact } from './redact.ts'
import { report, verdictOf } from './report.ts'
import type { Stage } from './stage.ts'

const here = { environment: 'simulator', at: new Date('2026-11-25T09:00:00Z'), version: '0.1.0' } as const

test('both providers are verified directly, and the report shows what was asked without any secret', async () => {
  const simulator = createSimulator({ answerAfterMs: 0 })
  const { url, close } = await serveSimulator(simulator, { port: 0, host: '127.0.0.1' })
  const keys = { consumer_key: 'consumer-key-1', consumer_secret: 'consumer-secret-1', passkey: sandboxPasskey }
  const stage: Stage = {
    environment: 'simulator',
    url,
    key: 'sk_test_verify',
    simulator: url,
    upstream: url,
    phone: undefined,
    mpesa: { ...keys, shortcode: '174379' },
    pesaflow: { api_client_id: '588', service_id: '48798', api_key: 'simulator-key', secret: 'simulator-secret' },
  }
  try {
    const suites = [await mpesaDirect(stage), await pesaflowDirect(stage)]
    for (const { cases } of suites)
      for (const each of cases) assert.notEqual(verdictOf(each), 'failed', JSON.stringify(each.checks))
    const text = report(suites, here)
    assert.match(text, /\*\*7 passed, 1 not tried\.\*\*/)
    assert.match(text, /### ✓ A bill that is paid is not taken a second time/)
    assert.match(text, /→ 422 {2}\{.*Invoice already paid/)
    for (const secret of [...Object.values(keys), 'simulator-key', 'simulator-secret'])
      assert.ok(!text.includes(secret), secret)
    assert.match(text, /secureHash=\[secret\]/)

    simulator.faults.set({ rules: [{ api: 'pesaflow_checkout', fault: 'html_200', probability: 1 }] })
    const [, taken] = (await pesaflowDirect(stage)).cases
    assert.equal(verdictOf(taken!), 'failed', 'a page in place of JSON is no bill')
  } finally {
    await close()
    simulator.close()
  }
})

test('a claim that does not hold fails its case, an error too, and what cannot be tried is neither', async () => {
  const failed = await tryCase('A', [], async ({ that }) => that('Two', 1, 2))
  assert.deepEqual([verdictOf(failed), failed.checks[0]!.saw], ['failed', '1, not 2'])
  const broken = await tryCase('B', ['s3cret'], async () => Promise.reject(new Error('It broke with s3cret')))
  assert.deepEqual([verdictOf(broken), broken.checks[0]!.saw], ['failed', 'It broke with [secret]'])
  const untried = await tryCase('C', [], async () => Promise.reject(new Missing('It needs a phone.')))
  assert.equal(verdictOf(untried), 'not tried')
  const text = report([{ provider: 'mpesa', name: 'All', cases: [failed, broken, untried] }], here)
  assert.match(text, /\*\*0 passed, 2 failed, 1 not tried\.\*\*/)
  assert.match(text, /### – C\n\nNot tried\. It needs a phone\./)
})

test('what is secret is not written down, in JSON, in a form, in an address', () => {
  for (const [text, shown] of [
    ['{"Password":"abc=","PhoneNumber":"254712345678"}', '{"Password":"[secret]","PhoneNumber":"254712•••678"}'],
    ['a=1&secureHash=xyz%3D&clientIDNumber=11111111', 'a=1&secureHash=[secret]&clientIDNumber=[secret]'],
    ['/v1/in/1234567890abcdef', '/v1/in/12345678…'],
    ['https://x/status?ref_no=A&secure_hash=q%2F', 'https://x/status?ref_no=A&secure_hash=[secret]'],
    ['{"token":"eyJ0","idempotency_key":"k1"}', '{"token":"[secret]","idempotency_key":"k1"}'],
    ['my%2Fkey and my/key', '[secret] and [secret]'],
  ] as const)
    assert.equal(redact(text, ['my/key']), shown)
})

test('an environment that there is not is told in one sentence', async () => {
  let said = ''
  const code = await run(['verify', '--env', 'live'], { answer: () => {}, remark: (text) => void (said += text) })
  assert.deepEqual([code, said], [2, '--env is simulator or sandbox, and not "live".'])
})
