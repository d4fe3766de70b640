import type { Reply } from '../callbacks/act.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import type { Account } from '../accounts/account.ts'

/** Reads what each account does with a payment that nobody can judge in time: a node must know it while the database is away. */
export const readDefaults: Sweep = {
  name: 'c2b defaults',
  everyMs: 60_000,
  async run({ database, rejecting }) {
    const rows = await database.query<Pick<Account, 'id' | 'provider'>>(
      sql`select id, provider from provider_accounts where c2b_default_action = 'reject'`,
    )
    rejecting.clear()
    for (const { id, provider } of rows) rejecting.set(id, provider)
    return 0
  },
}

/** Answers a validation without the database, as its account was read last. Undefined where the account lets in what nobody judged. */
export function rejectByDefault({ rejecting, providers }: Context, accountId: string): Reply | undefined {
  const provider = rejecting.get(accountId)
  return provider && providers[provider]!.replyToValidation!('unwanted')
}
