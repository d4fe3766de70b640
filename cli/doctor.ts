import { parseArgs } from 'node:util'
import { examine } from '@lango/server'
import type { Finding } from '@lango/server'
import { withInstallation } from './database.ts'

/** `lango doctor [--ask] [--json]`: is it ready for real money, and do the books hold? Ends with exit code 1 if not. */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: { ask: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  })
  const findings = await withInstallation((context) => examine(context, { ask: values.ask }), { asItIs: true })
  console.log(values.json ? JSON.stringify(findings, null, 2) : report(findings))
  if (findings.some(({ ok }) => !ok)) process.exitCode = 1
}

function report(findings: Finding[]): string {
  const lines = findings.flatMap(({ name, ok, count, examples, advice }) =>
    ok
      ? [`  ok   ${name}`]
      : [`  NOT  ${name}: ${count}`, ...examples.map((each) => `         ${each}`), `       ${advice}`],
  )
  const wrong = findings.filter(({ ok }) => !ok).length
  const verdict =
    wrong === 0
      ? `All ${findings.length} findings are as they should be.`
      : `${wrong} of ${findings.length} findings ${wrong === 1 ? 'is' : 'are'} not as they should be.`
  return [...lines, '', verdict].join('\n')
}
