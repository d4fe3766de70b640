import { timestamp } from '../nairobi.ts'
import { findOrganisation, tillsOf } from '../organisation.ts'
import type { AccountName, Organisation } from '../organisation.ts'
import { api } from './api.ts'
import { coreText } from './core-results.ts'
import { families } from './family.ts'
import { oneOf, shortcode } from './fields.ts'
import { identifierType } from './identifier-type.ts'
import { initiator, resultAddresses, securityCredential } from './initiator.ts'
import { accept, acknowledgement, answered, failed } from './operator.ts'
import { refuseAddresses } from './refuse-addresses.ts'
import { remarks } from './remarks.ts'
import { ok } from './reply.ts'
import { balanceText, internalTimeoutUrl, result } from './result.ts'

/** What an organisation's accounts hold. */
export const accountBalance = api({
  name: 'accountbalance',
  path: '/mpesa/accountbalance/v1/query',
  family: families.balance,
  fields: {
    Initiator: initiator,
    SecurityCredential: securityCredential,
    CommandID: oneOf('AccountBalance'),
    PartyA: shortcode,
    IdentifierType: identifierType,
    Remarks: remarks,
    ...resultAddresses,
  },
  answer(world, asked, { struck, warn }) {
    const refusal = refuseAddresses(world, asked, warn)
    if (refusal !== undefined) return refusal
    // What a store holds is what its till took.
    const find = () => tillsOf(world, asked.PartyA)[0] ?? findOrganisation(world, asked.PartyA)
    const { request, delivered } = accept(world, {
      api: 'accountbalance',
      initiator: asked.Initiator,
      credential: asked.SecurityCredential,
      shortcode: asked.PartyA,
      resultUrl: asked.ResultURL,
      timeoutUrl: asked.QueueTimeOutURL,
      struck,
      carryOut: () => (find() === undefined ? failed('2001') : answered),
      present(request, { code }) {
        const organisation = code === '0' ? find() : undefined
        const completedAt = timestamp(world.clock.now())
        const common = { transactionId: world.ids.noReceipt(), references: internalTimeoutUrl('abresults') }
        // A success is all text and a list, a failure all numbers and a lone object.
        return organisation === undefined
          ? result(request, {
              ...common,
              code: Number(code),
              text: coreText(code),
              parameters: { Key: 'BOCompletedTime', Value: Number(completedAt) },
            })
          : result(request, {
              ...common,
              type: '0',
              code: '0',
              text: 'The service request is processed successfully',
              parameters: [
                { Key: 'AccountBalance', Value: balances(organisation) },
                { Key: 'BOCompletedTime', Value: completedAt },
              ],
            })
      },
    })
    return ok(
      { ...acknowledgement(request), ResponseDescription: 'Accept the service request successfully' },
      delivered,
    )
  },
})

/** The accounts in Safaricom's order; a till has one for its takings. */
const accountOrder: AccountName[] = [
  'Merchant Account',
  'Working Account',
  'Float Account',
  'Utility Account',
  'Charges Paid Account',
  'Organization Settlement Account',
]

const balances = ({ accounts }: Organisation): string =>
  accountOrder
    .flatMap((name) => {
      const balance = accounts[name]
      return balance === undefined ? [] : [balanceText(name, balance)]
    })
    .join('&')
