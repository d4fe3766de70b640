import { actOnC2b } from './c2b/callback.ts'
import type { DefaultActions } from './c2b/default-action.ts'
import type { Acts } from './callbacks/act.ts'
import { hastenCheck } from './evidence/check.ts'
import { actOnPayment } from './payments/callback.ts'
import { hastenPayment } from './payments/hasten.ts'
import { actOnPayout } from './payouts/callback.ts'
import { actOnBalance } from './questions/balance-callback.ts'
import { actOnStatus } from './questions/status-callback.ts'
import { actOnPull } from './reconciliation/callback.ts'
import { actOnRefund } from './refunds/callback.ts'

/** Everything that a node does with what it hears. */
export const createActs = ({ rejectByDefault }: DefaultActions): Acts => ({
  of: {
    payment: actOnPayment,
    refund: actOnRefund,
    payout: actOnPayout,
    status: actOnStatus,
    balance: actOnBalance,
    c2b: actOnC2b,
    pull: actOnPull,
  },
  rejectByDefault,
  async hasten(context, requestId) {
    await hastenPayment(context, requestId)
    await hastenCheck(context, 'refunds', requestId)
    await hastenCheck(context, 'payouts', requestId)
  },
})
