import type { LogEntry } from '../log.ts'

/** What a line of the log was about, as a person would tell it. */
export type About = {
  amount: number | null
  reference: string | null
  /** What came of it, in the words of Daraja: the result, or why it was refused. */
  why: string | null
}

const amountNames = [
  'Amount',
  'TransAmount',
  'TransactionAmount',
  'amount',
  'amountExpected',
  'amount_paid',
  'invoice_amount',
]
const referenceNames = [
  'AccountReference',
  'BillRefNumber',
  'accountReference',
  'AccountNumber',
  'billRefNumber',
  'client_invoice_ref',
  'invoice_number',
]
const requestNames = ['CheckoutRequestID', 'OriginatorConversationID', 'OriginatorCoversationID', 'ConversationID']
const depthMax = 6
const form = /^\w+=[^\s<]*$/
/** A callback comes soon after its request: further back nobody looks. */
const lookBackMax = 2_000

/** What there is to read of a line. */
type Line = Pick<LogEntry, 'direction' | 'body' | 'answer'>

/** What the line at a place of the log was about. One that tells no amount, and names a request, is about what that was about. */
export function aboutEntry(entries: readonly Line[], index: number): About {
  const entry = entries[index]!
  const { amount, reference, why } = readEntry(entry)
  if (amount !== null) return { amount, reference, why }
  const asked = requestOf(entries, index)
  return { amount: asked?.amount ?? null, reference: reference ?? asked?.reference ?? null, why }
}

type Read = About & { ids: ReadonlySet<string> }

// A line is read once for all: what was sent does not change, and what was answered is there when the line is looked at.
const known = new WeakMap<object, Read>()

function readEntry(entry: Line): Read {
  const key = (entry.answer ?? entry) as object
  const found = typeof key === 'object' ? known.get(key) : undefined
  if (found) return found
  const sent = valuesIn(entry.body)
  const answered = valuesIn(entry.answer)
  const amount = Number(pick(sent, amountNames) ?? NaN)
  const read = {
    amount: Number.isFinite(amount) ? amount : null,
    reference: pick(sent, referenceNames) ?? null,
    why: entry.direction === 'out' ? outcomeIn(sent) : outcomeIn(answered),
    ids: new Set(requestNames.flatMap((name) => [sent.get(name), answered.get(name)]).filter((id) => id !== undefined)),
  }
  if (typeof key === 'object') known.set(key, read)
  return read
}

function requestOf(entries: readonly Line[], index: number): Read | undefined {
  const { ids } = readEntry(entries[index]!)
  if (ids.size === 0) return undefined
  for (let at = index - 1; at >= 0 && at >= index - lookBackMax; at--) {
    const before = entries[at]!
    const read = readEntry(before)
    if (before.direction === 'in' && read.amount !== null && !ids.isDisjointFrom(read.ids)) return read
  }
  return undefined
}

/** The result with its code, or the refusal with its own, or what the provider said when all went well. */
function outcomeIn(values: ReadonlyMap<string, string>): string | null {
  const coded = (code: string, text: string) => [values.get(code), values.get(text)].filter(Boolean).join(' ')
  const said = coded('errorCode', 'errorMessage') || coded('ResultCode', 'ResultDesc')
  return said || (values.get('ResponseDescription') ?? values.get('TransactionType') ?? null)
}

const pick = (values: ReadonlyMap<string, string>, names: readonly string[]) =>
  names.map((name) => values.get(name)).find((value) => value !== undefined && value !== '')

/** Every value in a body by its name, the first of each; those that stand in lists of names and values too. */
function valuesIn(body: unknown, into = new Map<string, string>(), depth = 0): ReadonlyMap<string, string> {
  if (typeof body === 'string' && form.test(body)) return valuesIn(Object.fromEntries(new URLSearchParams(body)), into)
  if (typeof body !== 'object' || body === null || depth > depthMax) return into
  const { Name, Key, Value } = body as Record<string, unknown>
  const listed = Name ?? Key
  if (typeof listed === 'string' && isPlain(Value) && !into.has(listed)) into.set(listed, String(Value))
  for (const [name, value] of Object.entries(body)) {
    if (isPlain(value)) {
      if (!into.has(name)) into.set(name, String(value))
    } else valuesIn(value, into, depth + 1)
  }
  return into
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
