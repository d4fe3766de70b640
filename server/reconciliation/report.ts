import { z } from '@hono/zod-openapi'
import { toShillings } from '../money.ts'
import type { Disagreement, Statement } from '../providers/statement.ts'
import type { Item, NewItem } from './item.ts'
import { explain } from './reason.ts'

/** Records of one kind, direction, outcome and reason. */
export type Group = Pick<Item, 'kind' | 'direction' | 'outcome' | 'reason'> & { count: number; amount_cents: number }

/** What a run found: every record is counted in one group, to the cent. */
export type Report = {
  groups: Group[]
  ignored: number
  /** Where a statement contradicts itself; runs of earlier versions looked for none. */
  disagreements?: Disagreement[]
  disagreements_count?: number
}

/** The report of a run whose items are all at hand. */
export function reportOf(items: NewItem[], statement: Statement): Report {
  return { groups: mergeGroups(items.map(groupOf)), ...factsOf(statement) }
}

/** What a report takes over from what a statement says of itself. */
export function factsOf(statement?: Statement): Omit<Report, 'groups'> {
  if (!statement) return { ignored: 0 }
  const { ignored, disagreements, disagreements_count } = statement
  return { ignored, disagreements, disagreements_count }
}

/** The group of one item alone. */
export function groupOf({ kind, direction, outcome, reason, amount_cents }: NewItem): Group {
  return { kind, direction, outcome, reason, count: 1, amount_cents: amount_cents ?? 0 }
}

/** Puts groups of the same together, in the order in which they come. */
export function mergeGroups(groups: Group[]): Group[] {
  const merged = new Map<string, Group>()
  for (const { kind, direction, outcome, reason, count, amount_cents } of groups) {
    const name = [kind, direction, outcome, reason].join(' ')
    const group = merged.get(name) ?? { kind, direction, outcome, reason, count: 0, amount_cents: 0 }
    merged.set(name, { ...group, count: group.count + count, amount_cents: group.amount_cents + amount_cents })
  }
  return [...merged.values()]
}

/** Why a person must look at a run: the two sides say different things, or a statement contradicts itself. Empty where neither is so. */
export function whyDisagreeing({ groups, disagreements_count = 0 }: Report): ('mismatched' | 'contradicts_itself')[] {
  return [
    ...(groups.some(({ outcome }) => outcome === 'mismatched') ? (['mismatched'] as const) : []),
    ...(disagreements_count > 0 ? (['contradicts_itself'] as const) : []),
  ]
}

const sums = z.object({ count: z.number(), paid_in: z.string(), withdrawn: z.string() })

/** What a run found, as the outside sees it. */
export const reportSchema = z
  .object({
    records: sums.openapi({ description: "All of the provider's records in the window." }),
    matched: sums,
    recovered: sums,
    mismatched: sums,
    not_found: sums,
    unknown_to_provider: sums.openapi({ description: 'What is in the books and not in the records.' }),
    ignored: z.number().openapi({ description: 'Lines that moved no money, or stand there twice.' }),
    disagreements: z.array(z.object({ line: z.number().nullable(), message: z.string() })).openapi({
      description:
        'Where a statement contradicts itself: its balances, totals and period against its lines. The first of them.',
    }),
    disagreements_count: z.number(),
    details: z.array(
      z.object({
        kind: z.string(),
        direction: z.string().nullable(),
        outcome: z.string(),
        reason: z.string(),
        explanation: z.string(),
        count: z.number(),
        amount: z.string(),
      }),
    ),
  })
  .openapi('ReconciliationReport')

/** The reasons of items that stand for no record. */
const ownReasons = ['unknown_to_provider', 'failed_at_provider', 'receipt_awaited']

export function presentReport({
  groups,
  ignored,
  disagreements = [],
  disagreements_count = 0,
}: Report): z.infer<typeof reportSchema> {
  const repeated = groups.filter(({ reason }) => reason === 'repeated')
  const records = groups.filter((group) => !ownReasons.includes(group.reason) && !repeated.includes(group))
  const having = (outcome: Item['outcome']) => sum(records.filter((group) => group.outcome === outcome))
  return {
    records: sum(records),
    matched: having('matched'),
    recovered: having('recovered'),
    mismatched: having('mismatched'),
    not_found: having('not_found'),
    unknown_to_provider: sum(groups.filter(({ reason }) => ownReasons.includes(reason))),
    ignored: ignored + repeated.reduce((sum, { count }) => sum + count, 0),
    disagreements,
    disagreements_count,
    details: groups.map(({ amount_cents, ...group }) => ({
      ...group,
      explanation: explain(group.reason),
      amount: toShillings(amount_cents),
    })),
  }
}

function sum(groups: Group[]): z.infer<typeof sums> {
  const total = (direction: 'in' | 'out') =>
    groups.reduce((cents, group) => cents + (group.direction === direction ? group.amount_cents : 0), 0)
  return {
    count: groups.reduce((count, group) => count + group.count, 0),
    paid_in: toShillings(total('in')),
    withdrawn: toShillings(total('out')),
  }
}
