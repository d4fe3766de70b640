import { findEntry } from '../ledger.ts'
import type { LedgerEntry } from '../ledger.ts'
import { timestamp } from '../nairobi.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { coreText } from './core-results.ts'
import { families } from './family.ts'
import { judgedBy, optional, oneOf, pattern, shortcode, text, wholeShillings } from './fields.ts'
import { initiator, resultAddresses, securityCredential } from './initiator.ts'
import { acknowledgement, accept } from './operator.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { remarks } from './remarks.ts'
import { ok } from './reply.ts'
import { balanceText, double, internalTimeoutUrl, publicName, result } from './result.ts'
import type { Item } from './result.ts'
import { reversePayment } from './reverse-payment.ts'
import { codeAsSent } from './stk-results.ts'

/** Gives a customer's payment back. */
export const reversal = api({
  name: 'reversal',
  path: '/mpesa/reversal/v1/request',
  family: families.stk,
  fields: {
    Initiator: initiator,
    SecurityCredential: securityCredential,
    CommandID: oneOf('TransactionReversal'),
    TransactionID: pattern(/^[A-Za-z0-9]{1,20}$/, 'the receipt of a payment'),
    Amount: wholeShillings,
    ReceiverParty: shortcode,
    // Only 11 means the organisation that reverses; 4, which others use, is refused.
    RecieverIdentifierType: judgedBy('receiverOfReversal', pattern(/^11$/, '11')),
    Remarks: remarks,
    ...resultAddresses,
    Occasion: optional(text(100)),
  },
  concerns: (world, { TransactionID }) => findEntry(world, String(TransactionID))?.msisdn ?? null,
  answer(world, asked, { struck, warn }) {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    const { TransactionID: receipt, Amount: amount } = asked
    const { request, delivered } = accept(world, {
      api: 'reversal',
      initiator: asked.Initiator,
      credential: asked.SecurityCredential,
      shortcode: asked.ReceiverParty,
      amount,
      msisdn: findEntry(world, receipt)?.msisdn ?? null,
      resultUrl: asked.ResultURL,
      timeoutUrl: asked.QueueTimeOutURL,
      struck,
      carryOut: ({ shortcode, originator_conversation_id, conversation_id }) =>
        reversePayment(world, { receipt, amount, shortcode, originator_conversation_id, conversation_id }),
      present: (request, { code, entry }) =>
        result(request, {
          code: codeAsSent(code),
          text: coreText(code),
          transactionId: entry?.receipt ?? world.ids.noReceipt(),
          parameters: entry === null ? undefined : parameters(world, entry),
          references: internalTimeoutUrl('reversalresults'),
        }),
    })
    return ok(acknowledgement(request), delivered)
  },
})

const parameters = (world: World, { amount, at, reverses, msisdn, moves, shortcode }: LedgerEntry): Item[] => [
  ...moves.map(({ account, balance }) => ({ Key: 'DebitAccountBalance', Value: balanceText(account, balance) })),
  { Key: 'Amount', Value: double(amount) },
  { Key: 'TransCompletedTime', Value: Number(timestamp(new Date(at))) },
  { Key: 'OriginalTransactionID', Value: reverses },
  { Key: 'Charge', Value: double(0) },
  { Key: 'CreditPartyPublicName', Value: publicName(world, msisdn ?? '') },
  { Key: 'DebitPartyPublicName', Value: publicName(world, shortcode) },
]
