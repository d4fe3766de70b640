import type { Context } from '../context.ts'
import { later } from '../clock.ts'
import type { Account } from '../accounts/account.ts'
import { showId } from '../id.ts'
import { writeAudit } from '../access/audit.ts'
import { Problem } from '../problem.ts'
import { whyNotReconciled } from './register.ts'
import { dueWindow, reachMs, startRun } from './start.ts'
import { workOn } from './continue.ts'
import type { Run } from './run.ts'

/**
 * Compares the provider's records of a window with the books, now; without one, of the window that is due. Answers the run, still
 * running where the provider does not answer: it then goes on by itself.
 * @throws a Problem when the account gives no records, or for a window that the provider does not look back to.
 */
export async function reconcileNow(
  context: Context,
  account: Account,
  { from, until }: { from?: Date; until?: Date },
): Promise<Run> {
  const now = context.clock.now()
  if (!account.pull_registered_at)
    throw new Problem('conflict', {
      said: whyNotReconciled(account)!,
      byApi: 'POST /v1/reconciliation/mpesa/register does that.',
    })
  const due = dueWindow(account, now)
  const window = from || until ? { from: from ?? due.from, until: until ?? now } : due
  if (window.from < later(now, -reachMs)) {
    throw new Problem(
      'invalid_request',
      {
        said: 'M-Pesa looks back 48 hours. For an earlier time upload a statement.',
        byApi: 'That is POST /v1/reconciliation/statements.',
      },
      'from',
    )
  }
  if (window.until > now || window.from >= window.until) {
    throw new Problem('invalid_request', 'A window ends after it begins, and not in the future.', 'until')
  }
  const run = await startRun(context, account, window)
  await writeAudit(context.database, context, {
    merchant_id: account.merchant_id,
    action: 'reconciliation.started',
    subject: showId('rec', run.id),
    details: window,
  })
  return workOn(context, run)
}
