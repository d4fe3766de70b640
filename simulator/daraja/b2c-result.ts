import type { LedgerEntry } from '../ledger.ts'
import { nairobi } from '../nairobi.ts'
import { findOrganisation } from '../organisation.ts'
import type { AccountName } from '../organisation.ts'
import type { World } from '../world.ts'
import { coreText } from './core-results.ts'
import type { Ended, OperatorRequest } from './operator.ts'
import { double, internalTimeoutUrl, publicName, result } from './result.ts'
import type { Item } from './result.ts'
import { codeAsSent } from './stk-results.ts'

/** The result of a payment to a person. */
export function presentB2c(world: World, request: OperatorRequest, { code, entry }: Ended) {
  const isCallers = world.settings.b2c_result_id === 'caller'
  const named = isCallers ? { ...request, gateway_id: request.originator_conversation_id } : request
  return result(named, {
    code: codeAsSent(code),
    text: coreText(code),
    // A failure too has been seen with what looks like a receipt.
    transactionId: entry?.receipt ?? world.ids.receipt(),
    parameters: entry === null ? undefined : parameters(world, entry),
    references: internalTimeoutUrl('b2cresults'),
  })
}

function parameters(world: World, { amount, receipt, msisdn, shortcode, at }: LedgerEntry): Item[] {
  const funds = (account: AccountName) => double(findOrganisation(world, shortcode)?.accounts[account] ?? 0)
  return [
    { Key: 'TransactionAmount', Value: amount },
    { Key: 'TransactionReceipt', Value: receipt },
    { Key: 'ReceiverPartyPublicName', Value: publicName(world, msisdn ?? '') },
    { Key: 'TransactionCompletedDateTime', Value: dotted(new Date(at)) },
    { Key: 'B2CUtilityAccountAvailableFunds', Value: funds('Utility Account') },
    { Key: 'B2CWorkingAccountAvailableFunds', Value: funds('Working Account') },
    { Key: 'B2CRecipientIsRegisteredCustomer', Value: 'Y' },
    { Key: 'B2CChargesPaidAccountAvailableFunds', Value: funds('Charges Paid Account') },
  ]
}

/** `06.07.2024 22:48:52`: nothing else in Daraja writes times so. */
function dotted(at: Date): string {
  const { year, month, day, hour, minute, second } = nairobi(at)
  return `${day}.${month}.${year} ${hour}:${minute}:${second}`
}
