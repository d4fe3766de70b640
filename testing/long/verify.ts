import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { installLango } from '../command.ts'

test('lango verify tries everything from end to end, and finds what is not as it must be', async () => {
  const lango = await installLango()
  try {
    await lango.started()
    const running = ['verify', '--env', 'simulator', '--url', lango.url, '--simulator', lango.simulatorUrl]
    const out = join(lango.home, 'results.md')
    const { code, remark } = await lango.run([...running, '--out', out])
    assert.equal(code, 0, remark)
    const report = readFileSync(out, 'utf8')
    const { key } = JSON.parse(readFileSync(join(lango.home, 'demo.json'), 'utf8')) as { key: string }
    for (const secret of [key, 'simulator-key', 'simulator-secret', 'verify-secret'])
      assert.ok(!report.includes(secret))
    assert.equal(report.match(/^## /gm)?.length, 6)

    // A gateway that answers pages in place of JSON.
    const rules = [{ api: 'pesaflow_checkout', fault: 'html_200', probability: 1 }]
    await lango.control('PUT', '/faults', { rules })
    const bad = await lango.run([...running, '--out', out])
    assert.equal(bad.code, 1)
    assert.match(
      readFileSync(out, 'utf8'),
      /### ✗ A bill is taken.*\n\n- ✗ The bill is accepted: `unknown, not accepted`/,
    )
  } finally {
    await lango.remove()
  }
})
