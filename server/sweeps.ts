import { sealAudit } from './access/audit-seal.ts'
import { createTellAttention } from './attention/tell.ts'
import { forgetOldCallbacks } from './callbacks/forget-old.ts'
import { forgetStrays } from './callbacks/stray.ts'
import type { Sweep } from './database/due.ts'
import { makePartitions } from './database/partitions.ts'
import { keepStatistics } from './database/statistics.ts'
import { forgetKeys } from './api/idempotency.ts'
import { createDeliveries } from './webhooks/deliver.ts'
import { forgetAttempts } from './people/attempts.ts'
import { forgetSessions } from './people/forget.ts'
import { forgetListeners } from './webhooks/forget-listeners.ts'
import { matchMoney } from './money-in/match.ts'
import { checkPayments } from './payments/check.ts'
import { seekReceipts } from './payments/seek.ts'
import { checkPayouts } from './payouts/check.ts'
import { sendPayouts } from './payouts/send.ts'
import { sendMails } from './mail/send.ts'
import { remindCustomers } from './invoices/remind.ts'
import { tellPayers } from './receipts/tell-payer.ts'
import { issueReceipts } from './receipts/issue.ts'
import { reconcile } from './reconciliation/sweep.ts'
import { sendStatements } from './notices/monthly-statement.ts'
import { summariseDays } from './notices/daily-summary.ts'
import { tellOwners } from './notices/tell-owners.ts'
import { tellRefunded } from './refunds/tell-payer.ts'
import { checkRefunds } from './refunds/check.ts'
import type { DefaultActions } from './c2b/default-action.ts'
import { sumDays } from './days/sum.ts'
import { forgetForms } from './dashboard/once.ts'
import type { Acts } from './callbacks/act.ts'
import { drainSpool } from './callbacks/drain-spool.ts'
import { createSettleKept } from './callbacks/settle-kept.ts'

const hourMs = 3_600_000

/** Everything that a node does by itself. */
export const createSweeps = (acts: Acts, defaultActions: DefaultActions): Sweep[] => [
  createDeliveries(),
  checkPayments,
  seekReceipts,
  issueReceipts,
  tellPayers,
  tellRefunded,
  remindCustomers,
  tellOwners,
  summariseDays,
  sendStatements,
  sendMails,
  checkRefunds,
  checkPayouts,
  sendPayouts,
  drainSpool,
  createSettleKept(acts),
  matchMoney,
  createTellAttention(),
  reconcile,
  sumDays,
  defaultActions.sweep,
  sealAudit,
  { name: 'sessions', everyMs: hourMs, run: forgetSessions },
  { name: 'sent forms', everyMs: hourMs, run: forgetForms },
  { name: 'attempts', everyMs: hourMs, run: forgetAttempts },
  { name: 'idempotency', everyMs: hourMs, run: forgetKeys },
  { name: 'listeners', everyMs: hourMs, run: forgetListeners },
  { name: 'strays', everyMs: hourMs, run: forgetStrays },
  { name: 'old callbacks', everyMs: 12 * hourMs, run: forgetOldCallbacks },
  keepStatistics,
  {
    name: 'partitions',
    everyMs: 12 * hourMs,
    run: (context) => makePartitions(context.database, context.clock.now()).then(() => 0),
  },
]
