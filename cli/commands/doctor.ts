import { examine } from '@lango/server'
import type { Finding } from '@lango/server'
import { command } from '../command.ts'
import { lookAtInstallation } from '../installation.ts'

export const doctor = command({
  summary: 'is it ready for real money, and do the books hold?',
  about: 'It reads only, and holds nobody up. Exit code 1 when something is not as it should be.',
  options: { ask: { what: 'also asks: this address for itself, and M-Pesa for an access token of each account' } },
  json: '[{"name","ok","count","examples","advice"}]',
  examples: ['doctor', 'doctor --ask'],
  async run({ options: { ask } }) {
    const findings = await lookAtInstallation((context) => examine(context, { ask }))
    return { json: findings, text: report(findings), isBad: findings.some(({ ok }) => !ok) }
  },
})

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
