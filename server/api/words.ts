import type { z } from '@hono/zod-openapi'

/**
 * What is wrong with a value, as the end of a sentence that begins with its name: `must be a text`. It stands where a schema has
 * no message of its own, in place of the validator's words.
 */
export function wordsFor(issue: z.core.$ZodRawIssue): string {
  const { input } = issue
  switch (issue.code) {
    case 'invalid_type':
      return ofKind([issue.expected], input)
    case 'invalid_value':
      return oneOf(issue.values, input)
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? oneOf(issue.options, input)
        : ofKind(issue.errors.flatMap(expectedBy), input)
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      return formats.get(issue.format) ?? 'is not of the right form'
    case 'invalid_key':
      return `has a name that ${issue.issues[0]?.message ?? 'cannot be taken'}`
    default:
      return 'cannot be taken as it is'
  }
}

const kinds = new Map(
  Object.entries<string>({
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'an object',
    record: 'an object',
    array: 'a list',
  }),
)

const formats = new Map(
  Object.entries<string>({
    email: 'must be an e-mail address',
    url: 'must be a full web address, such as https://shop.example/thanks',
  }),
)

function ofKind(expected: string[], input: unknown): string {
  if (input === undefined) return 'is missing'
  const named = [...new Set(expected.flatMap((kind) => kinds.get(kind) ?? []))].join(' or ')
  if (named === '') return 'is not of the right form'
  return Array.isArray(input) && !/object|list/.test(named) ? severalTimes : `must be ${named}`
}

function oneOf(values: readonly unknown[], input: unknown): string {
  if (Array.isArray(input)) return severalTimes
  const must = `must be ${values.length === 1 ? '' : 'one of: '}${values.map(String).join(', ')}`
  return input === undefined ? `is missing: it ${must}` : must
}

// A parameter of a query may stand there twice, and is a list then.
const severalTimes = 'is given several times, or as a list: give it once'

/** The kind that one side of a union expected, where it is the kind that did not fit. */
function expectedBy([issue]: z.core.$ZodIssue[]): string[] {
  return issue?.code === 'invalid_type' ? [issue.expected] : []
}

type Bound<Limit extends string> = { [Name in Limit]: number | bigint } & { origin: string; inclusive?: boolean }

const units = new Map(
  Object.entries<string>({ string: 'characters', array: 'entries', object: 'members', file: 'bytes' }),
)

function tooSmall({ origin, minimum, inclusive = true }: Bound<'minimum'>): string {
  const unit = units.get(origin)
  if (unit) return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} ${unit}`
  return inclusive ? `must be at least ${minimum}` : `must be more than ${minimum}`
}

function tooBig({ origin, maximum, inclusive = true }: Bound<'maximum'>): string {
  const unit = units.get(origin)
  if (unit) return `must have at most ${maximum} ${unit}`
  return inclusive ? `must be at most ${maximum}` : `must be less than ${maximum}`
}
