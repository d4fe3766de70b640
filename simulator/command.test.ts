import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { openSimulator } from './command.ts'

test('the flags become a simulator', async () => {
  const faults = '{"rules": [{"api": "oauth", "fault": "http_500", "probability": 1}]}'
  const { simulator, url, close } = await openSimulator(['--port', '0', '--seed', '7', '--faults', faults, '--strict'])
  assert.equal((await fetch(`${url}/oauth/v1/generate?grant_type=client_credentials`)).status, 500)
  assert.deepEqual([simulator.faults.get().seed, simulator.settings.get().test_number_pays], ['7', false])
  await close()
})

for (const [flags, told] of [
  [['--port', 'x'], /x is no port/],
  [['--loud'], /Unknown option '--loud'.*--help lists/],
  [['--port', '0', '--faults', 'nowhere.json'], /neither a file nor JSON/],
  [['--port', '0', '--faults', '.'], /neither a file nor JSON/],
  [['--port', '0', '--faults', '{"rules": [{}]}'], /api must be/],
] as const) {
  test(`${flags.join(' ')} does not start, and says why`, async () => {
    await assert.rejects(openSimulator([...flags]), { name: 'Error', message: told })
  })
}

test('run from a shell it says where it is, and stops when interrupted', async () => {
  const child = spawn(process.execPath, [new URL('bin.ts', import.meta.url).pathname, '--port', '0'])
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  assert.match(String(output), /^M-Pesa simulator: http:\/\/127\.0\.0\.1:\d+\n/)
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 0)
})
