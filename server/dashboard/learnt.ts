import type { EvidenceLine } from '../evidence/list.ts'
import { formatKes } from '../money.ts'
import type { ProviderName } from '../providers/names.ts'
import { prose } from '../web/html.ts'
import type { Step } from '../web/parts/timeline.ts'
import { providerWords } from '../providers/names.ts'
import { may } from './may.ts'
import type { SignedIn } from './signed-in.ts'

const from = (by: string): Record<EvidenceLine['source'], string> => ({
  ack: `${by}’s answer to the request`,
  callback: `${by} told us`,
  query: 'we asked',
  status: 'we asked for the code',
  pull: `${by}’s records`,
  statement: 'the statement',
  operator: 'a person',
})

/** How a noun's outcome is said, and whose word it is: M-Pesa's unless said otherwise. */
export type OutcomeWords = { completed: string; failed: string; provider?: ProviderName }

/** A piece of evidence, as a step of what is known. What came, as it came, has the payer's phone in it, and is for who may see that. */
export function learnt(signedIn: SignedIn, line: EvidenceLine, words: OutcomeWords): Step {
  const { at, source, source_address, provider_code, message, amount, receipt, raw } = line
  const facts = [
    amount && `KSh ${formatKes(Math.round(Number(amount) * 100))}`,
    receipt && `code ${receipt}`,
    provider_code && `answer ${provider_code}`,
    message,
  ].filter(Boolean)
  const by = providerWords[words.provider ?? 'mpesa']
  const place = source_address ? `${from(by)[source]}, from ${source_address}` : from(by)[source]
  return {
    ...meaning(line, words, by),
    how: place,
    at: new Date(at),
    ...(facts.length > 0 && { beside: prose(facts.join(' · ')) }),
    ...(raw && may(signedIn, 'payers:read') && { raw: { title: 'As it came', text: indented(raw) } }),
  }
}

/** What a piece of evidence meant, in a word or two. */
function meaning(
  { source, verdict, effect }: EvidenceLine,
  { completed, failed }: OutcomeWords,
  by: string,
): Pick<Step, 'what' | 'look'> {
  if (effect === 'completed') return { what: completed, look: 'good' }
  if (effect === 'failed') return { what: failed, look: 'bad' }
  if (effect === 'receipt') return { what: `Its ${by} code became known`, look: 'good' }
  if (effect === 'contradicts')
    return { what: 'Says that it failed; that contradicts, and changes nothing', look: 'bad' }
  if (effect !== 'informed')
    return { what: set(by)[effect] ?? `Set aside: ${effect.replaceAll('_', ' ')}`, look: 'bad' }
  if (source === 'ack') return { what: verdict === null ? `${by} took the request` : `${by} answered` }
  if (verdict === 'success') return { what: `${completed}, said once more` }
  if (verdict === 'failure') return { what: `${failed}, said once more` }
  return { what: 'Nothing is decided yet', look: 'late' }
}

const set = (by: string): Record<string, string> => ({
  reversed: `Went back, as ${by}’s records say`,
  returned: `Came back, as ${by}’s records say`,
  part_returned: 'Another amount came back than was sent',
  mismatch: 'Names another request, and settles nothing',
  doubted: `Came from an address that is not ${by}’s, and settles nothing`,
  unreadable_amount: 'Has an amount that cannot be read, and settles nothing',
  wrong_amount: 'Another amount came than was asked for',
  receipt_used: 'Names a code that belongs to another payment',
  second_receipt: 'Money came once more',
  set_aside: 'Could not be stored; the body is kept',
})

/** A body of JSON so that a person can read it; any other as it came. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
