import type { Context } from '../context.ts'
import { oneRow } from '../database/columns.ts'
import { sql } from '../database/sql.ts'
import type { Account } from '../accounts/account.ts'
import { writeAudit } from '../access/audit.ts'

/** What an account lets in: all, what has a known reference, what has exactly the amount asked for, or what the merchant's server says. */
export const rules = ['all', 'known_reference', 'exact_amount', 'what_url_accepts'] as const

/** Which payments of customers an account lets in, where the provider asks first. */
export type Rule = {
  accepts: (typeof rules)[number]
  known_references: string[]
  url: string | null
}

/** The rule of an account; where none was set it lets in all. */
export async function ruleOf(context: Context, { merchant_id, id }: Account): Promise<Rule> {
  const rule = await context.database.maybe<Rule>(sql`
    select accepts, known_references, url from c2b_rules where merchant_id = ${merchant_id} and provider_account_id = ${id}`)
  return rule ?? { accepts: 'all', known_references: [], url: null }
}

type RuleRow = Rule & { merchant_id: string; provider_account_id: string; created_at: Date; updated_at: Date }

/** Sets the rule of an account. It holds from the next payment on. */
export async function setRule(context: Context, { merchant_id, id, shortcode }: Account, rule: Rule): Promise<Rule> {
  const now = context.clock.now()
  await context.database.transaction(async (transaction) => {
    await transaction.query(sql`
      insert into c2b_rules ${oneRow<RuleRow>({
        merchant_id,
        provider_account_id: id,
        accepts: rule.accepts,
        known_references: rule.known_references,
        url: rule.url,
        created_at: now,
        updated_at: now,
      })}
      on conflict (merchant_id, provider_account_id) do update set accepts = excluded.accepts,
        known_references = excluded.known_references, url = excluded.url, updated_at = excluded.updated_at`)
    await writeAudit(transaction, context, {
      merchant_id,
      action: 'c2b.rule_set',
      subject: shortcode,
      details: { accepts: rule.accepts },
    })
  })
  return rule
}
