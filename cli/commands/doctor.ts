import { resolve } from 'node:path'
import { examine } from '@lango/server'
import type { Finding } from '@lango/server'
import { command } from '../command.ts'
import { lookAtInstallation } from '../installation.ts'

export const doctor = command({
  summary: 'is it ready for real money, and do the books hold?',
  about: `Each line is "ok", "fix this" with what to do, or "could not look" with what nobody can tell from here: that Safaricom reaches
an address shows when it has, and never before. Exit code 1 when something must be fixed.
Of the books it looks at what was made or changed since it looked last and says how much that was; the first
time, and with --all, at everything, for minutes where there are millions. It writes only how far it has looked, rests after each
half second, and holds nobody up.
A certificate of Safaricom's is looked for in certs/ of the present folder, such as certs/ProductionCertificate.cer.`,
  options: {
    all: { what: 'looks at all of the books, also at what was found right before' },
    ask: {
      what: 'also asks the network: this address for itself and its certificate, M-Pesa for the time and an access token of each account',
    },
  },
  json: '[{"name","state":"ok"|"fix"|"unknown","count","examples","advice"}]: examples are where it is wrong, why nobody can tell, or what was seen',
  examples: ['doctor', 'doctor --ask', 'doctor --all'],
  async run({ options: { all, ask } }) {
    const findings = await lookAtInstallation((context) =>
      examine(context, { all, ask, certificates: resolve('certs') }),
    )
    return { json: findings, text: report(findings), isBad: findings.some(({ state }) => state === 'fix') }
  },
})

const margin = ' '.repeat(18)
const words = { ok: 'ok', fix: 'fix this:', unknown: 'could not look:' }

/** Every finding with what is to be said of it, and a verdict at the end. */
export function report(findings: Finding[]): string {
  const lines = findings.flatMap(({ name, state, count, examples, advice }) => [
    `  ${words[state].padEnd(margin.length - 2)}${name}${count > examples.length ? ` (${count})` : ''}`,
    ...examples.map((example) => `${margin}${example}`),
    ...(state === 'fix' ? [`${margin}${advice}`] : []),
  ])
  return [...lines, '', verdict(findings)].join('\n')
}

function verdict(findings: Finding[]): string {
  const [wrong, unknown] = (['fix', 'unknown'] as const).map(
    (state) => findings.filter((found) => found.state === state).length,
  ) as [number, number]
  if (wrong + unknown === 0) return `All ${findings.length} findings are as they should be.`
  const open = unknown > 0 ? `${unknown} could not be looked at` : ''
  if (wrong === 0) return `Nothing must be fixed. ${open}, of ${findings.length}.`
  return `${wrong} of ${findings.length} must be fixed${open && `, and ${open}`}.`
}
