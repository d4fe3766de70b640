import type { EvidenceLine } from '../evidence/list.ts'
import { formatKes } from '../money.ts'
import { prose } from '../web/html.ts'
import type { Step } from '../web/parts/timeline.ts'

const from: Record<EvidenceLine['source'], string> = {
  ack: 'M-Pesa’s answer to the request',
  callback: 'M-Pesa told us',
  query: 'we asked',
  status: 'we asked for the code',
  pull: 'M-Pesa’s records',
  statement: 'the statement',
  operator: 'a person',
}

/** How a noun's outcome is said. */
export type OutcomeWords = { completed: string; failed: string }

/** A piece of evidence, as a step of what is known. */
export function learnt(line: EvidenceLine, words: OutcomeWords): Step {
  const { at, source, source_address, provider_code, message, amount, receipt, raw } = line
  const facts = [
    amount && `KSh ${formatKes(Math.round(Number(amount) * 100))}`,
    receipt && `code ${receipt}`,
    provider_code && `answer ${provider_code}`,
    message,
  ].filter(Boolean)
  const place = source_address ? `${from[source]}, from ${source_address}` : from[source]
  return {
    ...meaning(line, words),
    how: place,
    at: new Date(at),
    ...(facts.length > 0 && { beside: prose(facts.join(' · ')) }),
    ...(raw && { raw: { title: 'As it came', text: indented(raw) } }),
  }
}

/** What a piece of evidence meant, in a word or two. */
function meaning(
  { source, verdict, effect }: EvidenceLine,
  { completed, failed }: OutcomeWords,
): Pick<Step, 'what' | 'look'> {
  if (effect === 'completed') return { what: completed, look: 'good' }
  if (effect === 'failed') return { what: failed, look: 'bad' }
  if (effect === 'receipt') return { what: 'Its M-Pesa code became known', look: 'good' }
  if (effect === 'contradicts')
    return { what: 'Says that it failed; that contradicts, and changes nothing', look: 'bad' }
  if (effect !== 'informed') return { what: set[effect] ?? `Set aside: ${effect.replaceAll('_', ' ')}`, look: 'bad' }
  if (source === 'ack') return { what: verdict === null ? 'M-Pesa took the request' : 'M-Pesa answered' }
  if (verdict === 'success') return { what: `${completed}, said once more` }
  if (verdict === 'failure') return { what: `${failed}, said once more` }
  return { what: 'Nothing is decided yet', look: 'late' }
}

const set: Record<string, string> = {
  reversed: 'Went back, as M-Pesa’s records say',
  mismatch: 'Names another request, and settles nothing',
  doubted: 'Came from an address that is not M-Pesa’s, and settles nothing',
  unreadable_amount: 'Has an amount that cannot be read, and settles nothing',
  wrong_amount: 'Another amount came than was asked for',
  receipt_used: 'Names a code that belongs to another payment',
  second_receipt: 'Money came once more',
  set_aside: 'Could not be stored; the body is kept',
}

/** A body of JSON so that a person can read it; any other as it came. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
