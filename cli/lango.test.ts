import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulatorFlags } from '@lango/simulator'
import { isNoun } from './command.ts'
import type { Command } from './command.ts'
import { loadAll, run } from './lango.ts'
import { readWords } from './read-words.ts'

/** Types a line, and answers what came of it. */
async function type(...argv: string[]): Promise<{ code: number; answered: string; remarked: string }> {
  let [answered, remarked] = ['', '']
  const code = await run(argv, {
    answer: (text) => void (answered += `${text}\n`),
    remark: (text) => void (remarked += `${text}\n`),
  })
  return { code, answered, remarked }
}

const loaded = await loadAll()
const commands: [name: string, command: Command][] = Object.entries(loaded).flatMap(([name, found]) =>
  isNoun(found)
    ? Object.entries(found.verbs).map(([verb, each]): [string, Command] => [`${name} ${verb}`, each])
    : [[name, found] as [string, Command]],
)

for (const [name, command] of commands) {
  const words = name.split(' ')

  test(`lango ${name} --help tells what it does, its options and an example, and nothing else happens`, async () => {
    for (const asked of [
      [...words, '--help'],
      [...words, '-h'],
      ['help', ...words],
      [...words, 'x', '--help'],
    ]) {
      const { code, answered, remarked } = await type(...asked)
      assert.equal(code, 0)
      assert.equal(remarked, '')
      assert.ok(answered.startsWith(`lango ${name}: ${command.summary}\n`), answered)
      assert.match(answered, new RegExp(`^Usage: lango ${name}`, 'm'))
      for (const option of Object.keys(command.options ?? {})) assert.ok(answered.includes(`  --${option}`), option)
      for (const example of command.examples) assert.ok(answered.includes(`  lango ${example}`), example)
      assert.ok(command.examples.length > 0)
    }
  })

  test(`lango ${name} with an option that it has not says so in one sentence, and does nothing`, async () => {
    const { code, answered, remarked } = await type(...words, '--frobnicate')
    assert.equal(code, 2)
    assert.equal(answered, '')
    assert.equal(remarked, `lango ${name} has no option --frobnicate. lango ${name} --help tells what it takes.\n`)
  })

  test(`the examples of lango ${name} are understood`, () => {
    for (const example of command.examples) {
      const typed = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
      assert.deepEqual(typed.slice(0, words.length), words)
      readWords(name, command, typed.slice(words.length))
    }
  })
}

test('lango alone and lango --help list every command with what it does', async () => {
  for (const asked of [[], ['--help'], ['-h'], ['help']]) {
    const { code, answered } = await type(...asked)
    assert.equal(code, 0)
    for (const [name, { summary }] of Object.entries(loaded))
      assert.match(answered, new RegExp(`^  lango ${name} +`, 'm'), summary)
  }
})

test('lango --version tells the version', async () => {
  assert.match((await type('--version')).answered, /^lango \d+\.\d+\.\d+ \(Node 24\.\d+\.\d+\)\n$/)
})

test('a noun tells its verbs, with an example of each', async () => {
  const { code, answered } = await type('keys', '--help')
  assert.equal(code, 0)
  assert.match(answered, /lango keys create --merchant <id\|name> --scopes <a,b>/)
  assert.match(answered, /Example/)
  assert.equal((await type('keys')).code, 2)
})

const misunderstood: [typed: string[], told: RegExp][] = [
  [['strat'], /^lango has no command "strat"\. Did you mean start\? There are: start, /],
  [['toString'], /^lango has no command "toString"\. There are: /],
  [['--loud'], /^lango has no option --loud\. /],
  [['keys', 'creat'], /^lango keys has no verb "creat"\. Did you mean create\? There are: create\.$/],
  [['keys', 'create', '--merchnt', 'demo'], /^lango keys create has no option --merchnt\. Did you mean --merchant\? /],
  [['keys', 'create', '--merchant'], /^--merchant needs a value: --merchant <id\|name>, /],
  [['keys', 'create', '--merchant', '--live'], /^--merchant needs a value/],
  [['keys', 'create', '--scopes', 'payments:read'], /^lango keys create needs --merchant <id\|name>: /],
  [
    ['keys', 'create', '--merchant', 'demo', '--scopes', 'payments:sing'],
    /^There is no scope "payments:sing"\. There are: /,
  ],
  [['doctor', '--json=yes'], /^--json takes no value\. /],
  [['pay'], /^lango pay needs <phone>, .*: lango pay <phone> <amount> \[options\]$/],
  [['pay', '0712', '345', '678'], /^"678" is one word too many\. What has blanks needs quotes: /],
  [['start', '-p', '4000'], /^lango start has no option -p\. /],
  [['simulator', '--prot', '4011'], /^lango simulator has no option --prot\. Did you mean --port\? /],
]

for (const [typed, told] of misunderstood) {
  test(`lango ${typed.join(' ')} is told to be a mistake, in one sentence`, async () => {
    const { code, answered, remarked } = await type(...typed)
    assert.equal(code, 2)
    assert.equal(answered, '')
    assert.match(remarked.trimEnd(), told)
    assert.equal(remarked.trimEnd().includes('\n'), false)
  })
}

test('the simulator takes here what it takes by itself', () => {
  const [, simulator] = commands.find(([name]) => name === 'simulator')!
  assert.deepEqual(simulator.options, simulatorFlags)
})
