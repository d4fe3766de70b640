import type { Context } from '../context.ts'
import { sql } from '../database/sql.ts'
import { accountOf } from '../accounts/find.ts'
import { accountOfCaller } from '../accounts/named.ts'
import { writeAudit } from '../access/audit.ts'
import type { Mode } from '../access/key.ts'
import type { Environment } from '../providers/names.ts'
import type { Acknowledged, Refused, Unknown } from '../providers/outcome.ts'
import { notTaken } from '../providers/not-taken.ts'
import { providerOf, supported } from '../providers/provider-of.ts'
import { providerWords } from '../providers/names.ts'

/**
 * Asks M-Pesa what it knows of a receipt. What comes back is that the question was taken; the answer comes by callback, and
 * settles whatever the receipt belongs to: a payment, a refund, or money that nothing explains yet.
 * @throws a Problem when the account has no API operator, or when M-Pesa did not take the question.
 */
export async function checkStatus(
  context: Context,
  {
    merchant_id,
    mode,
    receipt,
    account: named,
  }: { merchant_id: string; mode: Mode; receipt: string; account?: string | undefined },
): Promise<Acknowledged> {
  const known = await ownerOf(context, { merchant_id, mode, receipt })
  const account = known
    ? await accountOf(context, known)
    : await accountOfCaller(context, { merchant_id, mode }, { provider: 'mpesa', account: named })

  const subject = { kind: 'status', merchant_id, subject_id: known?.id ?? account.id } as const
  const { ask } = supported(
    providerOf(context, account).statuses,
    `The provider ${providerWords[account.provider]} answers no questions about receipts.`,
  )
  const outcome = await ask(context, account, { subject, receipt })
  await writeAudit(context.database, context, { merchant_id, action: 'receipt.checked', subject: receipt })
  return takenOrThrow(outcome)
}

/** The provider's acceptance. @throws a Problem when it refused, could not be reached, or when nobody knows. */
export function takenOrThrow(outcome: Acknowledged | Refused | Unknown): Acknowledged {
  if (outcome.kind === 'accepted') return outcome
  throw notTaken(outcome, 'Ask again in a minute.')
}

type Owner = { id: string; provider_account_id: string }

/** What a receipt is known to belong to: else it may be anything that the account took in. */
function ownerOf(
  { database }: Context,
  { merchant_id, mode, receipt }: { merchant_id: string; mode: Mode; receipt: string },
): Promise<Owner | undefined> {
  const environments: Environment[] = mode === 'live' ? ['live', 'sandbox', 'simulator'] : ['sandbox', 'simulator']
  const named = sql`merchant_id = ${merchant_id} and provider = 'mpesa' and environment = any (${environments}::text[])`
  return database.maybe<Owner>(sql`
    select id, provider_account_id from payments where ${named} and provider_receipt = ${receipt}
    union all select id, provider_account_id from refunds where ${named} and provider_receipt = ${receipt}
    union all select provider_account_id, provider_account_id from money_in where ${named} and receipt = ${receipt}
    limit 1`)
}
