import { findEntry } from '../ledger.ts'
import { timestamp } from '../nairobi.ts'
import type { World } from '../world.ts'
import { api } from './api.ts'
import { coreText } from './core-results.ts'
import { families } from './family.ts'
import { msisdn, oneOf, optional, pattern, shortcode, text } from './fields.ts'
import type { Field } from './fields.ts'
import { findByConversation, findByReceipt, isPartyTo } from './found-transaction.ts'
import type { FoundTransaction } from './found-transaction.ts'
import { identifierType } from './identifier-type.ts'
import { initiator, resultAddresses, securityCredential } from './initiator.ts'
import { refused } from './judgements.ts'
import { accept, acknowledgement, answered, failed } from './operator.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { remarks } from './remarks.ts'
import { invalid, ok } from './reply.ts'
import { double, publicName, result } from './result.ts'
import type { Item } from './result.ts'
import { codeAsSent } from './stk-results.ts'

const party: Field<string> = {
  expects: `${shortcode.expects}, or ${msisdn.expects}`,
  read: (value, body) => shortcode.read(value, body) ?? msisdn.read(value, body),
}

/** What became of a transaction. That the result has code 0 says that it was found, not that it was paid. */
export const transactionStatus = api({
  name: 'transactionstatus',
  path: '/mpesa/transactionstatus/v1/query',
  family: families.query,
  fields: {
    Initiator: initiator,
    SecurityCredential: securityCredential,
    CommandID: oneOf('TransactionStatusQuery'),
    TransactionID: optional(pattern(/^[A-Za-z0-9]{1,20}$/, 'the receipt of a transaction')),
    OriginalConversationID: optional(text(100)),
    PartyA: party,
    IdentifierType: identifierType,
    ...resultAddresses,
    Remarks: remarks,
    Occasion: optional(text(100)),
  },
  concerns: (world, { TransactionID }) => findEntry(world, String(TransactionID))?.msisdn ?? null,
  answer(world, asked, { struck, warn }) {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    const { TransactionID, OriginalConversationID, PartyA, Occasion } = asked
    if (TransactionID === null && OriginalConversationID === null)
      return invalid('TransactionID', refused('transaction'))
    const find = () => {
      const found =
        TransactionID === null
          ? findByConversation(world, OriginalConversationID ?? '')
          : findByReceipt(world, TransactionID)
      return found && isPartyTo(world, found, PartyA) ? found : undefined
    }
    const references = { Key: 'Occasion', Value: Occasion ?? undefined }
    const { request, delivered } = accept(world, {
      api: 'transactionstatus',
      initiator: asked.Initiator,
      credential: asked.SecurityCredential,
      shortcode: PartyA,
      msisdn: TransactionID === null ? null : (findEntry(world, TransactionID)?.msisdn ?? null),
      resultUrl: asked.ResultURL,
      timeoutUrl: asked.QueueTimeOutURL,
      struck,
      carryOut: () => (find() === undefined ? failed('2032') : answered),
      present(request, { code }) {
        const found = code === '0' ? find() : undefined
        const body = result(request, {
          code: codeAsSent(code),
          text: coreText(code),
          transactionId: world.ids.noReceipt(),
          parameters: found && parameters(world, found),
          references,
        })
        return found && world.settings.status_result === 'portal' ? inAlphabet(body) : body
      },
    })
    return ok(acknowledgement(request), delivered)
  },
})

function parameters(world: World, found: FoundTransaction): Item[] {
  const isPortal = world.settings.status_result === 'portal'
  const time = (at: string | null) => {
    if (at === null) return undefined
    const written = timestamp(new Date(at))
    return isPortal ? written : Number(written)
  }
  const charges = { Key: 'DebitPartyCharges', Value: isPortal ? '' : undefined }
  return [
    { Key: 'DebitPartyName', Value: publicName(world, found.debitParty) },
    { Key: isPortal ? 'DebitPartyName' : 'CreditPartyName', Value: publicName(world, found.creditParty) },
    { Key: 'OriginatorConversationID', Value: found.originatorConversationId },
    { Key: 'InitiatedTime', Value: time(found.initiatedAt) },
    // Observed before the account, documented after it.
    ...(isPortal ? [] : [charges]),
    { Key: 'DebitAccountType', Value: found.debitAccount },
    ...(isPortal ? [charges] : []),
    { Key: 'TransactionReason' },
    { Key: 'ReasonType', Value: found.reason ?? undefined },
    { Key: 'TransactionStatus', Value: found.status },
    { Key: 'FinalisedTime', Value: time(found.finalisedAt) },
    { Key: 'Amount', Value: isPortal ? String(found.amount) : double(found.amount) },
    { Key: 'ConversationID', Value: found.conversationId ?? undefined },
    { Key: 'ReceiptNo', Value: found.receipt ?? undefined },
  ]
}

/** The portal's sample has its keys in the order of the alphabet. */
const inAlphabet = ({ Result }: { Result: Record<string, unknown> }) => ({
  Result: Object.fromEntries(Object.entries(Result).toSorted(([a], [b]) => (a < b ? -1 : 1))),
})
