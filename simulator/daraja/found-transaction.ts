import { findEntry, ledgerEntries } from '../ledger.ts'
import type { LedgerEntry } from '../ledger.ts'
import { speaksFor } from '../organisation.ts'
import type { World } from '../world.ts'
import { findRequest } from './operator.ts'
import type { OperatorRequest } from './operator.ts'
import { findStkPaymentAsked } from './stk-payment.ts'
import type { StkPayment } from './stk-payment.ts'

/** A transaction as a status query sees it, completed or not. */
export type FoundTransaction = {
  debitParty: string
  creditParty: string
  debitAccount: string
  reason: string | null
  status: 'Initiated' | 'Completed' | 'Cancelled' | 'Declined' | 'Expired'
  amount: number
  initiatedAt: string
  finalisedAt: string | null
  originatorConversationId: string
  conversationId: string | null
  receipt: string | null
}

const customerAccount = 'MMF Account For Customer'

/** Finds a transaction by its receipt. */
export function findByReceipt(world: World, receipt: string): FoundTransaction | undefined {
  const entry = findEntry(world, receipt)
  return entry && completed(world, entry)
}

/** Finds what became of a request by one of the ids that its answer or its result carried. */
export function findByConversation(world: World, id: string): FoundTransaction | undefined {
  const request = findRequest(world, id)
  const push = findStkPaymentAsked(world, id)
  const receipt = request?.ended?.receipt ?? push?.receipt ?? null
  if (receipt !== null) return findByReceipt(world, receipt)
  if (push !== undefined) return unpaid(push)
  if (request !== undefined) return unfinished(request)
  const entry = ledgerEntries(world).find(
    ({ originator_conversation_id, conversation_id }) => originator_conversation_id === id || conversation_id === id,
  )
  return entry && completed(world, entry)
}

/** Only its parties may ask about a transaction. */
export const isPartyTo = (world: World, { debitParty, creditParty }: FoundTransaction, party: string): boolean =>
  speaksFor(world, party, debitParty) || speaksFor(world, party, creditParty)

function completed(world: World, entry: LedgerEntry): FoundTransaction {
  const { kind, msisdn, shortcode, moves, amount, at, reason, receipt, conversation_id } = entry
  const id = entry.originator_conversation_id
  const isPaidByCustomer = kind === 'stk' || kind === 'c2b'
  const customer = msisdn ?? ''
  const credited = moves.find(({ change }) => change > 0)?.shortcode ?? customer
  const request = id === null ? undefined : findRequest(world, id)
  const push = id === null ? undefined : findStkPaymentAsked(world, id)
  return {
    debitParty: isPaidByCustomer ? customer : shortcode,
    creditParty: credited,
    debitAccount: isPaidByCustomer ? customerAccount : (moves[0]?.account ?? ''),
    reason,
    status: 'Completed',
    amount,
    initiatedAt: request?.asked_at ?? push?.asked_at ?? at,
    finalisedAt: at,
    originatorConversationId: id ?? '',
    conversationId: conversation_id,
    receipt,
  }
}

const expired = ['1019', '1036', '1037']
const cancelled = ['1031', '1032']

function unpaid(push: StkPayment): FoundTransaction {
  const code = push.result_code
  return {
    debitParty: push.msisdn,
    creditParty: push.party_b,
    debitAccount: customerAccount,
    reason: push.transaction_type === 'CustomerPayBillOnline' ? 'Pay Bill Online' : 'Customer Merchant Payment',
    status:
      code === null
        ? 'Initiated'
        : expired.includes(code)
          ? 'Expired'
          : cancelled.includes(code)
            ? 'Cancelled'
            : 'Declined',
    amount: push.amount,
    initiatedAt: push.asked_at,
    finalisedAt: null,
    originatorConversationId: push.merchant_request_id,
    conversationId: null,
    receipt: null,
  }
}

/** A payment of an organisation that waits or was declined; a question is no transaction. */
function unfinished(request: OperatorRequest): FoundTransaction | undefined {
  const { party, amount, ended, lost } = request
  if (party === null || amount === null || lost) return undefined
  return {
    debitParty: request.shortcode,
    creditParty: party,
    debitAccount: 'Utility Account',
    reason: null,
    status: ended === null ? 'Initiated' : 'Declined',
    amount,
    initiatedAt: request.asked_at,
    finalisedAt: ended?.at ?? null,
    originatorConversationId: request.originator_conversation_id,
    conversationId: request.conversation_id,
    receipt: null,
  }
}
