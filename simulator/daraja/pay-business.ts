import { record } from '../ledger.ts'
import { findOrganisation } from '../organisation.ts'
import type { AccountName } from '../organisation.ts'
import type { World } from '../world.ts'
import { failed } from './operator.ts'
import type { Ended } from './operator.ts'

/** Between which accounts a command moves money, and what M-PESA's statement calls it. */
type Route = {
  from: AccountName
  to: AccountName
  /** Whether both accounts are the sender's own. */
  isOwn?: true
  /** Never allowed, whatever the roles of the operator. */
  isForbidden?: true
  reason: string
}

/** Every command of B2B. The first four are on today's portal; the others come from older versions of Daraja. */
export const routes = {
  BusinessPayBill: { from: 'Working Account', to: 'Utility Account', reason: 'Business Pay Bill via API' },
  BusinessBuyGoods: { from: 'Working Account', to: 'Merchant Account', reason: 'Business Buy Goods via API' },
  BusinessPayToBulk: { from: 'Working Account', to: 'Utility Account', reason: 'Business Pay To Bulk via API' },
  BusinessTransferFromMMFToUtility: {
    from: 'Working Account',
    to: 'Utility Account',
    isOwn: true,
    reason: 'Business Transfer from MMF to Utility via API',
  },
  BusinessTransferFromUtilityToMMF: {
    from: 'Utility Account',
    to: 'Working Account',
    isOwn: true,
    isForbidden: true,
    reason: 'Business Transfer from Utility to MMF',
  },
  BusinessToBusinessTransfer: {
    from: 'Working Account',
    to: 'Working Account',
    reason: 'Business to Business Transfer via API',
  },
  DisburseFundsToBusiness: {
    from: 'Utility Account',
    to: 'Working Account',
    reason: 'Disburse Funds to Business via API',
  },
  MerchantToMerchantTransfer: {
    from: 'Merchant Account',
    to: 'Merchant Account',
    reason: 'Merchant to Merchant Transfer via API',
  },
  MerchantTransferFromMerchantToWorking: {
    from: 'Merchant Account',
    to: 'Working Account',
    isOwn: true,
    reason: 'Merchant Transfer from Merchant to Working via API',
  },
  MerchantServicesMMFAccountTransfer: {
    from: 'Working Account',
    to: 'Merchant Account',
    isOwn: true,
    reason: 'Merchant Services MMF Account Transfer via API',
  },
  AgencyFloatAdvance: { from: 'Working Account', to: 'Float Account', reason: 'Agency Float Advance via API' },
  PayTaxToKRA: { from: 'Working Account', to: 'Utility Account', reason: 'Pay Tax to KRA via API' },
} satisfies Record<string, Route>

export type BusinessCommand = keyof typeof routes

type Payment = {
  route: Route
  sender: string
  receiver: string
  amount: number
  reference: string
  originator_conversation_id: string
  conversation_id: string
}

/** Pays a business from another's account, or says why not. */
export function payBusiness(world: World, { route, sender, receiver, amount, reference, ...ids }: Payment): Ended {
  const from = findOrganisation(world, sender)
  // Nobody can be an operator of an organisation that does not exist.
  if (from === undefined) return failed('2001')
  if (route.isForbidden || (route.isOwn && sender !== receiver)) return failed('21')
  if (findOrganisation(world, receiver) === undefined) return failed('SFC_IC0003')
  if ((from.accounts[route.from] ?? 0) < amount) return failed('1')
  const entry = record(world, {
    receipt: world.ids.receipt(),
    kind: 'b2b',
    amount,
    msisdn: null,
    shortcode: sender,
    reference,
    reverses: null,
    reason: route.reason,
    moves: [
      { shortcode: sender, account: route.from, change: -amount },
      { shortcode: receiver, account: route.to, change: amount },
    ],
    ...ids,
  })
  return { code: '0', entry }
}
