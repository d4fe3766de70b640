import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { systemClock } from '@lango/server'
import { sandboxPasskey } from '@lango/simulator'
import { clientOptions } from '../client.ts'
import { command, UsageError } from '../command.ts'
import { bad, faint, good } from '../paint.ts'
import { mpesaCallbacks } from '../verify/mpesa-callbacks.ts'
import { pesaflowCallbacks } from '../verify/pesaflow-callbacks.ts'
import { mpesaDirect } from '../verify/mpesa-direct.ts'
import { pesaflowDirect } from '../verify/pesaflow-direct.ts'
import type { Suite } from '../verify/notebook.ts'
import { report, verdictOf } from '../verify/report.ts'
import { sandboxStage, simulatorStage } from '../verify/set-stage.ts'
import type { Stage } from '../verify/stage.ts'
import { throughLango } from '../verify/through-lango.ts'

const suites: ((stage: Stage) => Promise<Suite>)[] = [
  mpesaDirect,
  (stage) => throughLango(stage, 'mpesa'),
  mpesaCallbacks,
  pesaflowDirect,
  (stage) => throughLango(stage, 'pesaflow'),
  pesaflowCallbacks,
]

export const verify = command({
  summary: 'tries everything from end to end, and writes down what came of it',
  about: `Three suites for each of M-Pesa and eCitizen: the provider directly; through Lango; callbacks and reconciliation. Each case says
what must be true after it. The report is Markdown, with what was asked and answered, and without secrets.

  simulator   against the Lango that runs here, or one that is started for it and thrown away: nothing else is needed
  sandbox     against Safaricom's and Pesaflow's, with the merchant's accounts there; what needs a person needs --phone

Exit code 1 when something is not as it must be. What could not be tried is said, with what it would need.`,
  options: {
    env: { takes: '<simulator|sandbox>', what: 'against what', isNeeded: true },
    out: { takes: '<file>', what: 'where the report goes; docs/end-to-end-results.md by default' },
    phone: { takes: '<07…>', what: 'in the sandbox: the phone of somebody who approves what is asked' },
    simulator: { takes: '<http…>', what: 'where the simulator is; else the one that runs here' },
    ...clientOptions,
  },
  json: '{"report","suites":[{"provider","name","cases":[{"name","verdict","checks"}]}]}',
  examples: ['verify --env simulator', 'verify --env sandbox --phone 0712345678 --out results.md'],
  async run({ options: { env, out = 'docs/end-to-end-results.md', ...given }, say }) {
    if (env !== 'simulator' && env !== 'sandbox')
      throw new UsageError(`--env is simulator or sandbox, and not "${env}".`)
    const { stage, end } =
      env === 'simulator'
        ? await simulatorStage(given, sandboxPasskey)
        : { stage: await sandboxStage(given), end: async () => {} }
    const found: Suite[] = []
    try {
      for (const suite of suites) {
        const done = await suite(stage)
        found.push(done)
        say(tell(done))
      }
    } finally {
      await end()
    }
    const file = resolve(out)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, report(found, { environment: env, at: systemClock.now(), version: versionOfLango() }))
    const cases = found.flatMap((suite) => suite.cases)
    const failed = cases.filter((each) => verdictOf(each) === 'failed').length
    return {
      json: { report: file, suites: found.map(plain) },
      text: failed > 0 ? bad(`${failed} of ${cases.length} cases failed: ${file}`) : good(`Nothing failed: ${file}`),
      isBad: failed > 0,
    }
  },
})

function tell({ provider, name, cases }: Suite): string {
  const lines = cases.map((each) => {
    const verdict = verdictOf(each)
    const wrong = each.checks.filter(({ holds }) => !holds).map(({ claim, saw }) => `\n      ${claim}: ${saw}`)
    const said = verdict === 'passed' ? good(verdict) : verdict === 'failed' ? bad(verdict) : faint(verdict)
    return `  ${said}  ${each.name}${wrong.join('')}${each.missing ? `\n      ${each.missing}` : ''}`
  })
  return `${provider}: ${name}\n${lines.join('\n')}`
}

function plain({ cases, ...suite }: Suite) {
  return { ...suite, cases: cases.map((each) => ({ name: each.name, verdict: verdictOf(each), checks: each.checks })) }
}

function versionOfLango(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
