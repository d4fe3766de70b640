import type { Account } from '../accounts/account.ts'
import type { Reply } from '../callbacks/reply.ts'
import type { Context } from '../context.ts'
import type { Sweep } from '../database/due.ts'
import { sql } from '../database/sql.ts'
import type { ProviderName } from '../providers/names.ts'

/** What each account does with a payment that nobody can judge in time. */
export type DefaultActions = {
  /** Reads it again: a node must know it while the database is away. */
  sweep: Sweep
  /** Answers a validation without the database, as its account was read last. Undefined where it lets in what nobody judged. */
  rejectByDefault(context: Context, accountId: string): Reply | undefined
}

/** Keeps, for one node, which accounts turn away what nobody judged. */
export function createDefaultActions(): DefaultActions {
  const rejecting = new Map<string, ProviderName>()
  return {
    sweep: {
      name: 'c2b defaults',
      everyMs: 60_000,
      async run({ database }) {
        const rows = await database.query<Pick<Account, 'id' | 'provider'>>(
          sql`select id, provider from provider_accounts where c2b_default_action = 'reject'`,
        )
        rejecting.clear()
        for (const { id, provider } of rows) rejecting.set(id, provider)
        return 0
      },
    },
    rejectByDefault({ providers }, accountId) {
      const provider = rejecting.get(accountId)
      return provider && providers[provider]?.moneyIn?.replyToValidation('unwanted')
    },
  }
}
