import { z } from '@hono/zod-openapi'
import { toShillings } from '../money.ts'
import { explain } from './reason.ts'
import type { Item } from './item.ts'

/** Records of one kind, direction, outcome and reason. */
export type Group = Pick<Item, 'kind' | 'direction' | 'outcome' | 'reason'> & { count: number; amount_cents: number }

/** What a run found: every record is counted in one group, to the cent. */
export type Report = { groups: Group[]; ignored: number }

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
    ignored: z.number().openapi({ description: 'Lines that moved no money.' }),
    details: z.array(
      z.object({
        kind: z.string(),
        direction: z.string(),
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
const ownReasons = ['unknown_to_provider', 'receipt_awaited']

export function presentReport({ groups, ignored }: Report): z.infer<typeof reportSchema> {
  const records = groups.filter(({ reason }) => !ownReasons.includes(reason))
  const having = (outcome: Item['outcome']) => sum(records.filter((group) => group.outcome === outcome))
  return {
    records: sum(records),
    matched: having('matched'),
    recovered: having('recovered'),
    mismatched: having('mismatched'),
    not_found: having('not_found'),
    unknown_to_provider: sum(groups.filter(({ reason }) => ownReasons.includes(reason))),
    ignored,
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
