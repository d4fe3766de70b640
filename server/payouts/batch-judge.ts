import type { Account } from '../accounts/account.ts'
import { Problem } from '../problem.ts'
import type { Payouts } from '../providers/provider.ts'
import { faultOf } from './batch-lines.ts'
import type { BatchLine, LineFault } from './batch-lines.ts'

/** What is wrong with lines that could be read. */
export function judgeLines(lines: BatchLine[], account: Account, { refuse }: Payouts): LineFault[] {
  const seen = new Map<string, number>()
  return lines.flatMap(({ line, input }) => {
    const before = namesOf(input).flatMap((name) => seen.get(name) ?? [])[0]
    for (const name of namesOf(input)) if (!seen.has(name)) seen.set(name, line)
    const message = `It says the same as line ${before}. If both are meant, give each an external_reference of its own.`
    if (before !== undefined) return [{ line, param: 'external_reference', message }]
    for (const param of ['provider', 'account'] as const)
      if (input[param] !== lines[0]!.input[param])
        return [{ line, param, message: `A batch is sent from one account: name the same ${param} in each line.` }]
    try {
      refuse(account, { ...input, account_reference: input.account_reference ?? null })
      return []
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 400) throw error
      return [faultOf(line, error)]
    }
  })
}

/** By what a line is the same as another: its own reference, or else all that it says. */
function namesOf({ external_reference, kind, phone, shortcode, account_reference, amount_cents }: BatchLine['input']) {
  if (external_reference !== undefined) return [`reference ${external_reference}`]
  return [`payout ${[kind, phone ?? shortcode, account_reference, amount_cents].join(' ')}`]
}
