import type { Case, Exchange, Suite } from './notebook.ts'
import type { Stage } from './stage.ts'

/** How a case ended. */
export type Verdict = 'passed' | 'failed' | 'not tried'

/** What became of a case: one claim that does not hold fails it. */
export function verdictOf({ checks, missing }: Case): Verdict {
  if (checks.some(({ holds }) => !holds)) return 'failed'
  return missing === undefined ? 'passed' : 'not tried'
}

const marks: Record<Verdict, string> = { passed: '✓', failed: '✗', 'not tried': '–' }
const providers = { mpesa: 'M-Pesa', pesaflow: 'eCitizen by Pesaflow' }

/** Everything that was tried, as a page of Markdown that somebody can judge who was not there. Secrets are out of it already. */
export function report(
  suites: Suite[],
  { environment, at, version }: Pick<Stage, 'environment'> & { at: Date; version: string },
): string {
  const all = suites.flatMap(({ cases }) => cases)
  const rows = suites.map(({ provider, name, cases }) => `| ${providers[provider]} | ${name} | ${tally(cases)} |`)
  const where =
    environment === 'simulator'
      ? 'the simulator that comes with Lango: no account, and no money'
      : 'the sandboxes of Safaricom and Pesaflow'
  return (
    [
      '# End-to-end results',
      `Written by \`lango verify --env ${environment}\` at ${at.toISOString()}, with Lango ${version}, against ${where}. Do not edit it: run that again.`,
      `**${tally(all)}.** Each case says what must be true after it, and shows what was asked and answered. Keys, hashes, callback tokens and the middle of phone numbers are taken out. What was asked again until it changed is shown once, as it was at last.`,
      ['| provider | suite | |', '|---|---|---|', ...rows].join('\n'),
      ...suites.flatMap((suite) => [`## ${providers[suite.provider]}: ${suite.name}`, ...suite.cases.map(tell)]),
    ].join('\n\n') + '\n'
  )
}

function tally(cases: Case[]): string {
  const verdicts = (['passed', 'failed', 'not tried'] as const).map((verdict) => ({
    verdict,
    count: cases.filter((each) => verdictOf(each) === verdict).length,
  }))
  return verdicts
    .filter(({ verdict, count }) => count > 0 || verdict === 'passed')
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(', ')
}

function tell(found: Case): string {
  const verdict = verdictOf(found)
  const { name, checks, missing, exchanges } = found
  return [
    `### ${marks[verdict]} ${name}`,
    ...(missing === undefined ? [] : [`Not tried. ${missing}`]),
    ...(checks.length === 0
      ? []
      : [
          checks
            .map(({ claim, holds, saw }) => `- ${holds ? '✓' : '✗'} ${claim}: \`${saw.replaceAll('`', "'")}\``)
            .join('\n'),
        ]),
    ...(exchanges.length === 0 ? [] : [evidence(exchanges)]),
  ].join('\n\n')
}

function evidence(exchanges: Exchange[]): string {
  const shown = exchanges.map(({ asked, sent, status, answered, times }) =>
    [
      `${asked}${times > 1 ? `  (${times} times)` : ''}`,
      ...(sent ? [short(sent)] : []),
      `→ ${status}  ${short(answered)}`,
    ].join('\n'),
  )
  return `<details><summary>What was asked and answered</summary>\n\n\`\`\`\n${shown.join('\n\n')}\n\`\`\`\n\n</details>`
}

const longest = 900

/** One line, so long as somebody reads it. */
function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('```', "'''").trim()
  return line.length > longest ? `${line.slice(0, longest)} … (${line.length} characters)` : line
}
