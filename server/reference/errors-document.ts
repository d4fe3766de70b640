import type { errorReference } from './errors.ts'

/** The errors as a document, docs/errors.md. */
export function errorsDocument({ troubles, sections, addresses }: typeof errorReference): string {
  const most = troubles.map(
    ({ title, shows, cause, todo }) =>
      `### ${title}\n\n- **Shows as** ${escape(shows)}\n- **Why.** ${escape(cause)}\n- **Do this.** ${escape(todo)}`,
  )
  const tables = sections.map(({ title, lead, entries }) => {
    const rows = entries.map(
      ({ code, aside, says, todo }) => `| \`${code}\` | ${[aside, says, todo].map(escape).join(' | ')} |`,
    )
    return [
      `## ${title}\n\n${lead}\n\n| code | | what is said | what it means, what to do |\n|---|---|---|---|`,
      ...rows,
    ].join('\n')
  })
  return `# Errors

Your own Lango shows this page at \`/docs/errors\`, and every failure leads there by its \`docs_url\`.

## Met most often

${most.join('\n\n')}

${tables.join('\n\n')}

## Where callbacks come from

Safaricom posts from these addresses. Let them through; they alone are no proof.

${addresses.map((address) => `- \`${address}\``).join('\n')}
`
}

function escape(text: string): string {
  return text.replaceAll(/[|*_<>]/g, String.raw`\$&`)
}
