import { findOrganisation } from '../organisation.ts'
import type { AccountName } from '../organisation.ts'
import { findPhone } from '../phone.ts'
import type { World } from '../world.ts'
import { decimal } from './decimal.ts'
import type { OperatorRequest } from './operator.ts'

/** One named value of a result. Without a value it goes out as a key alone, as in real traffic. */
export type Item = { Key: string; Value?: unknown }

type Content = {
  /** Numbers in most results, text in some. */
  type?: number | string
  code: number | string
  text: string
  /** The receipt, or what stands in its place. */
  transactionId: string
  /** A lone object or a list: the APIs differ, and so do their failures. Missing where there are none. */
  parameters?: Item | Item[] | undefined
  references?: Item | Item[]
}

/** The envelope that the results of all operator APIs share. */
export function result(request: OperatorRequest, content: Content): { Result: Record<string, unknown> } {
  const { type = 0, code, text, transactionId, parameters, references } = content
  return {
    Result: {
      ResultType: type,
      ResultCode: code,
      ResultDesc: text,
      OriginatorConversationID: request.gateway_id,
      ConversationID: request.conversation_id,
      TransactionID: transactionId,
      ...(parameters && { ResultParameters: { ResultParameter: parameters } }),
      ...(references && { ReferenceData: { ReferenceItem: references } }),
    },
  }
}

/** Safaricom's own address, which most results repeat where one would expect the merchant's. */
export const internalTimeoutUrl = (results: 'b2cresults' | 'abresults' | 'reversalresults'): Item => ({
  Key: 'QueueTimeoutURL',
  Value: `https://internalsandbox.safaricom.co.ke/mpesa/${results}/v1/submit`,
})

/** A party as results name it: `600992 - Business 600992`, `254712345678 - AMINA HASSAN`. */
export function publicName(world: World, party: string): string {
  const organisation = findOrganisation(world, party)
  return organisation ? `${party} - ${organisation.name}` : `${party} - ${findPhone(world, party).name.toUpperCase()}`
}

/** `Utility Account|KES|228037.00|228037.00|0.00|0.00`: current, available, reserved and uncleared funds. */
export const balanceText = (account: AccountName, balance: number): string =>
  `${account}|KES|${balance.toFixed(2)}|${balance.toFixed(2)}|0.00|0.00`

/** A balance as Java prints a map; the minimum amount is in cents. */
export const balanceMap = (balance: number): string =>
  `{Amount={CurrencyCode=KES, MinimumAmount=${Math.round(balance * 100)}, BasicAmount=${balance.toFixed(2)}}}`

/** A number as Java prints a double: `1.0`, `8959269.6`. */
export function double(amount: number): unknown {
  const [, cents = ''] = String(amount).split('.')
  return decimal(amount, Math.max(1, cents.length))
}
