import type { Mutant } from './mutant.ts'

const outcomes = 'daraja/core/outcome.test.ts'
const queries = 'daraja/stk-query.test.ts'
const payments = 'server/payments/payments.test.ts'
const status = 'server/questions/status.test.ts'
const refunds = 'server/refunds/refunds.test.ts'

/** Rules 1, 2 and 4: what is asked of the provider, and what its answers prove. */
export const callMutants: Mutant[] = [
  {
    rule: '1 intent first',
    fault: 'the payer is asked before the payment is committed',
    file: 'server/payments/create.ts',
    find: 'const outcome = await context.gather(insertIntents, intent)\n',
    put: `const unstored = { ...input, id: intent.id, sent_reference: 'UNSTORED' } as unknown as Payment
      if (input.phone) await providerOf(context, input).payments.request(context, account, unstored)
      const outcome = await context.gather(insertIntents, intent)\n`,
    test: payments,
    by: 'when the process dies between intent and outcome, the request is never sent again, and its callback still settles',
  },
  {
    rule: '1 intent first',
    fault: 'a refund is asked for inside its transaction',
    file: 'server/refunds/create.ts',
    find: `commitIntent(context, transaction, { input, payment, account }),
  )
  if (!refund)
    return repeated(context, input.idempotency!, (id) => findRefund(context, { merchant_id: input.merchant_id, id }))
  await requestRefund(context, account, refund)`,
    put: `commitIntent(context, transaction, { input, payment, account }).then(async (made) => {
      if (made) await requestRefund(context, account, made)
      return made
    }))
    if (!refund)
      return repeated(context, input.idempotency!, (id) => findRefund(context, { merchant_id: input.merchant_id, id }))`,
    test: refunds,
    by: 'a payment that is refunded goes back to its payer, and is reversed',
  },
  {
    rule: '2 three outcomes',
    fault: 'a 408 counts as refused',
    file: 'daraja/core/judge.ts',
    find: 'return status !== 408',
    put: 'return true',
    test: outcomes,
    by: '408 is unknown',
  },
  {
    rule: '2 three outcomes',
    fault: 'every 5xx counts as refused',
    file: 'daraja/core/judge.ts',
    find: 'return status >= 500 && code !== undefined && describeError(code, message)?.provesRefusal === true',
    put: 'return status >= 500 && describeError(code ?? "", message)?.provesRefusal !== true',
    test: outcomes,
    by: '503 with HTML is unknown',
  },
  {
    rule: '2 three outcomes',
    fault: 'a 200 that carries a refusing errorCode counts as refused',
    file: 'daraja/core/judge.ts',
    find: 'return status >= 500 && code',
    put: 'return code',
    test: outcomes,
    by: '200 with a refusing errorCode is unknown',
  },
  {
    rule: '2 three outcomes',
    fault: 'a cut connection counts as one that was never made',
    file: 'daraja/core/exchange.ts',
    find: "if (syscall === 'connect' || message",
    put: 'if (syscall !== undefined || message',
    test: outcomes,
    by: 'connection cut is unknown',
  },
  {
    rule: '2 three outcomes',
    fault: 'an errorCode that comes while a payment is under way counts as refused',
    file: 'daraja/error-codes.ts',
    find: "entry(\n    '500.001.1001',\n    500,\n    ['The transaction is being processed'],",
    put: "refusal(\n    '500.001.1001',\n    ['The transaction is being processed'],",
    test: outcomes,
    by: '500 being processed is unknown',
  },
  {
    rule: '2 three outcomes',
    fault: 'a payment fails when the answer is lost',
    file: 'server/payments/request.ts',
    find: 'provider_outcome: outcome.kind,',
    put: `provider_outcome: outcome.kind,
    ...(outcome.kind === 'unknown' && ({ verdict: 'failure', failure_code: 'refused' } as const)),`,
    test: payments,
    by: 'when the response is lost after acceptance, the payment stays open and its callback settles it',
  },
  {
    rule: '2 three outcomes',
    fault: 'a request of unknown outcome is sent again at once',
    file: 'server/payments/request.ts',
    find: 'const outcome = await request(context, account, payment)',
    put: `let outcome = await request(context, account, payment)
      if (outcome.kind === 'unknown') outcome = await request(context, account, payment)`,
    test: payments,
    by: 'when the response is lost after acceptance, the payment stays open and its callback settles it',
  },
  {
    rule: '2 three outcomes',
    fault: 'a request whose outcome was never stored is sent again by the check',
    file: 'server/payments/check.ts',
    find: 'if (payment.provider_outcome === null) {\n',
    put: `if (payment.provider_outcome === null) {
      await providerOf(context, payment).payments.request(context, await accountOf(context, payment), payment)\n`,
    test: payments,
    by: 'when the process dies between intent and outcome, the request is never sent again, and its callback still settles',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: '4999 counts as a failure',
    file: 'daraja/stk-query.ts',
    find: 'if (!isStillProcessing(outcome.resultCode)) return',
    put: 'if (outcome.resultCode) return',
    test: queries,
    by: 'still processing says nothing about the payment',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: 'an answer about another push is believed of this one',
    file: 'daraja/stk-query.ts',
    find: ' || checkoutRequestId !== query.checkoutRequestId)',
    put: ')',
    test: queries,
    by: 'an answer about another push says nothing about the payment',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: 'a check without a verdict fails the payment',
    file: 'server/providers/mpesa/payment.ts',
    find: "if (answer.kind === 'none') return { verdict: null,",
    put: "if (answer.kind === 'none') return { verdict: 'failure', failure_code: 'provider_error',",
    test: payments,
    by: 'a payment that is still being processed is asked about again, with growing gaps, and never fails for waiting',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: 'a payment fails when an hour has gone by',
    file: 'server/payments/check.ts',
    find: 'const isOver = at >= windowEnd(context, payment)',
    put: 'const isOver = at >= later(payment.created_at, 3_600_000)',
    test: payments,
    by: 'a payment that is still being processed is asked about again, with growing gaps, and never fails for waiting',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: 'Transaction Status is believed by its result code 0',
    file: 'server/providers/mpesa/status.ts',
    find: "return (result.resultCode === '0' && states.get(status?.toLowerCase() ?? '')) || {}",
    put: "return result.resultCode === '0' ? states.get(status?.toLowerCase() || 'completed') ?? {} : {}",
    test: status,
    by: 'a transaction whose result code 0 comes with no status says nothing about a payment',
  },
  {
    rule: '4 no verdict is no verdict',
    fault: 'a transaction to somebody else counts as money to our short code',
    file: 'server/providers/mpesa/status.ts',
    find: "if (isOurs(creditParty)) return 'in'",
    put: "if (creditParty) return 'in'",
    test: status,
    by: 'a transaction to another short code says nothing about a payment',
  },
  {
    rule: '2 three outcomes',
    fault: 'an outcome is forgotten when the database is away as it comes',
    file: 'server/database/persist.ts',
    find: 'if (isAway(error)) void goOn(forMs / everyMs)',
    put: 'void goOn',
    test: 'server/evidence/outcome.test.ts',
    by: 'the ids that M-Pesa answered are kept, although the database was away when they came',
  },
  {
    rule: '2 three outcomes',
    fault: 'an outcome that was kept unseen is kept again',
    file: 'server/evidence/settle.ts',
    find: 'if (!isRepeat(error)) throw error',
    put: 'if (isRepeat !== undefined) throw error',
    test: 'server/evidence/outcome.test.ts',
    by: 'an outcome whose commit went through unseen is not kept twice',
  },
]
