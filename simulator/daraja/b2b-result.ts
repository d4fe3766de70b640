import type { LedgerEntry } from '../ledger.ts'
import { timestamp } from '../nairobi.ts'
import type { World } from '../world.ts'
import { coreText } from './core-results.ts'
import type { Ended, OperatorRequest } from './operator.ts'
import { balanceMap, balanceText, internalTimeoutUrl, publicName, result } from './result.ts'
import type { Item } from './result.ts'
import { codeAsSent } from './stk-results.ts'

export type BusinessPaymentKind = 'b2b' | 'topUp' | 'tax'

/** What the caller sent that the result repeats. */
type Sent = { kind: BusinessPaymentKind; reference: string; timeoutUrl: string }

/** The result of a payment to a business. Success looks alike for all kinds; failures were built by different hands. */
export function presentB2b(world: World, request: OperatorRequest, ended: Ended, sent: Sent) {
  const { code, entry } = ended
  if (entry !== null) return success(world, request, entry, sent)
  return result(request, {
    type: sent.kind === 'tax' ? '0' : 0,
    code: codeAsSent(code),
    text: code === 'SFC_IC0003' ? 'Receiver party is invalid' : coreText(code),
    transactionId: world.ids.noReceipt(),
    ...failureDetails(world, sent),
  })
}

function success(world: World, request: OperatorRequest, entry: LedgerEntry, { reference, timeoutUrl }: Sent) {
  const [debited, credited] = entry.moves
  if (debited === undefined || credited === undefined) throw new Error('A payment to a business moves two accounts.')
  const { account, balance } = debited
  return result(request, {
    type: '0',
    code: '0',
    text: 'The service request is processed successfully',
    transactionId: entry.receipt,
    parameters: [
      { Key: 'DebitAccountBalance', Value: balanceMap(balance) },
      { Key: 'Amount', Value: entry.amount.toFixed(2) },
      { Key: 'DebitPartyAffectedAccountBalance', Value: balanceText(account, balance) },
      { Key: 'TransCompletedTime', Value: timestamp(new Date(entry.at)) },
      { Key: 'DebitPartyCharges', Value: '' },
      { Key: 'ReceiverPartyPublicName', Value: publicName(world, credited.shortcode) },
      { Key: 'Currency', Value: 'KES' },
      { Key: 'InitiatorAccountCurrentBalance', Value: balanceMap(balance) },
    ],
    references: [
      { Key: 'BillReferenceNumber', Value: reference },
      { Key: 'QueueTimeoutURL', Value: timeoutUrl },
    ],
  })
}

function failureDetails({ clock }: World, { kind, reference, timeoutUrl }: Sent) {
  const completedAt = timestamp(clock.now())
  const timeout: Item = { Key: 'QueueTimeoutURL', Value: timeoutUrl }
  switch (kind) {
    case 'b2b':
      return { parameters: { Key: 'BOCompletedTime', Value: Number(completedAt) }, references: timeout }
    case 'tax':
      return { parameters: [{ Key: 'BOCompletedTime', Value: completedAt }], references: timeout }
    case 'topUp': {
      const bill: Item = {
        Key: 'BillReferenceNumber',
        Value: /^\d{1,15}$/.test(reference) ? Number(reference) : reference,
      }
      return { parameters: bill, references: [bill, internalTimeoutUrl('abresults'), { Key: 'Occassion' }] }
    }
  }
}
