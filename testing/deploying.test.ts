import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commands } from '../cli/commands.ts'
import { settings } from '../server/settings.ts'
import { root } from './tidy.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const files = globSync('deploy/*', { cwd: root, exclude: (path) => path.endsWith('.env') }).map((path) => ({
  path,
  text: read(path),
}))
const whole = JSON.parse(read('package.json')) as { workspaces: string[]; engines: object }
const known = Object.keys(settings.shape)

/** What is set for others than Lango. */
const ofOthers = [
  'NODE_ENV',
  'LANGO_HOST',
  'LANGO_AT',
  'POSTGRES_USER',
  'POSTGRES_DB',
  'POSTGRES_PASSWORD',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_SAMPLER_ARG',
]

test('each setting that a file of a deployment names is one', () => {
  const named = files.flatMap(({ path, text }) =>
    [...text.replace(/^\s*#.*$/gm, '').matchAll(/(?<![\w$])\$?\{?\$?([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g)].map(
      ([, name]) => ({ path, name: name! }),
    ),
  )
  const capabilities = new Set(['AF_UNIX', 'AF_INET', 'AF_INET6'])
  assert.ok(named.length > 10)
  assert.deepEqual(
    named.filter(({ name }) => !known.includes(name) && !ofOthers.includes(name) && !capabilities.has(name)),
    [],
  )
})

test('each command of Lango that they begin exists, and so does each address that they ask', () => {
  const begun = files.flatMap(({ text }) =>
    [...text.matchAll(/cli\/lango\.mjs"?,? "?(\w[\w-]*)/g)].map(([, name]) => name!),
  )
  assert.deepEqual([...new Set(begun)].sort(), ['backup', 'start'])
  for (const name of begun) assert.ok(commands.has(name), name)
  assert.ok(existsSync(join(root, 'cli/lango.mjs')))
  assert.match(read('server/api/health.ts'), /'\/healthz'/)
})

test('the image holds every package of the workspace, of what npm installs nothing else, and runs as an ordinary user', () => {
  const text = read('deploy/Dockerfile')
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources!.split(' '))
  for (const source of copied) assert.ok(existsSync(join(root, source)), source)
  const packages = whole.workspaces.filter((folder) => !folder.startsWith('examples/'))
  for (const folder of packages) {
    assert.ok(copied.includes(`${folder}/package.json`), `npm needs ${folder}/package.json to be there.`)
    assert.ok(copied.includes(folder), `${folder} is missing.`)
    assert.ok(read('deploy/Dockerfile.dockerignore').includes(`!${folder}\n`), folder)
  }
  assert.deepEqual(text.match(/^(USER|CMD) .*$/gm)?.slice(-2), ['USER node', 'CMD ["node", "cli/lango.mjs", "start"]'])
  assert.match(text, /npm ci --omit=dev/)
  assert.doesNotMatch(text, /^(ENV|ARG) .*(SECRET|PASSWORD|KEY)/m)
})

test('only the proxy is reached from outside, and Lango trusts the network that it stands in', () => {
  const text = read('deploy/compose.yaml')
  assert.equal(text.match(/^ +ports:/gm)?.length, 1)
  const [, subnet] = /subnet: (\S+) \}/.exec(text)!
  assert.ok(text.includes(`TRUSTED_PROXIES: ${subnet}\n`))
  assert.match(text, /inside: \{ internal: true \}/)
  assert.match(text, /LANGO_SECRET_KEY: \$\{LANGO_SECRET_KEY:\?\}/)
})

test('a node tells the proxy long enough that it stops, and is left the time to end after that', () => {
  const [, interval, falls] = /default-server check inter (\d+)s fall (\d+)/.exec(read('deploy/haproxy.cfg'))!
  const stops: [path: string, drain: RegExp, limit: RegExp][] = [
    ['deploy/lango.service', /^Environment=.*\bDRAIN_SECONDS=(\d+)/m, /^TimeoutStopSec=(\d+)$/m],
    ['deploy/compose.yaml', /^ +DRAIN_SECONDS: (\d+)$/m, /server:\n[^]*?stop_grace_period: (\d+)s$/m],
  ]
  for (const [path, drain, limit] of stops) {
    const [drainSeconds, limitSeconds] = [drain, limit].map((text) => Number(text.exec(read(path))?.[1])) as [
      number,
      number,
    ]
    assert.ok(drainSeconds > Number(interval) * Number(falls), `${path}: it is told for ${drainSeconds} s.`)
    // A call to a provider that is in hand may take 30 seconds, and what is learnt by it is then written.
    assert.ok(limitSeconds >= drainSeconds + 60, `${path}: it is killed after ${limitSeconds} s.`)
    assert.match(read('docs/operating.md'), new RegExp(`\\bDRAIN_SECONDS=${drainSeconds}\\b`))
  }
  // The embedded PostgreSQL is of the same unit, and is needed until the node has ended.
  assert.match(read('deploy/lango.service'), /^KillMode=mixed$/m)
})

test('Patroni is given times that it takes as they are, and that leave ten seconds of the half minute that is promised', () => {
  const time = (name: string) => Number(new RegExp(`^ +${name}: (\\d+)$`, 'm').exec(read('deploy/patroni.yml'))?.[1])
  const [ttl, loop, retry] = ['ttl', 'loop_wait', 'retry_timeout'].map(time) as [number, number, number]
  assert.ok(loop + 2 * retry <= ttl, `${loop} + 2 * ${retry} are more than ${ttl}`)
  assert.ok(ttl >= 20 && ttl <= 30 - 10)
})

test('the page of deploying names every file there is, and no other', () => {
  const page = read('docs/deploying.md')
  const units = files.map(({ path }) => path).filter((path) => !path.endsWith('.dockerignore'))
  const unnamed = units.filter(
    (path) =>
      !page.includes(path.replace('deploy/', '')) && !path.includes('Dockerfile') && !/grafana|alerts|otel/.test(path),
  )
  assert.deepEqual(unnamed, [])
  for (const [, path] of page.matchAll(/\bdeploy\/([\w.-]+)/g))
    if (path !== '.env') assert.ok(existsSync(join(root, 'deploy', path!)), path)
})
