import type { Daraja } from './client.ts'
import { asText } from './core/json.ts'
import { isZero, judge } from './core/judge.ts'
import { amountObjection, phoneObjection, refuseLocally, shortcodeObjection } from './core/objections.ts'
import type { SendOptions } from './core/objections.ts'
import type { Outcome } from './core/outcome.ts'
import { post } from './core/send.ts'
import { parsePhone } from './phone.ts'

export type C2bSimulation = {
  shortcode: string
  type: 'paybill' | 'till'
  /** Whole shillings. */
  amount: number
  phone: string
  /** The account that the payer enters; none for a till. */
  billReference?: string
  /** Defaults to `v2`. */
  version?: 'v1' | 'v2'
}

export type C2bSimulated = {
  /** Only version 1 sends it. */
  conversationId: string | undefined
  originatorConversationId: string
  responseDescription: string
}

/**
 * Has the sandbox pay a short code as a customer would (`POST /mpesa/c2b/v2/simulate`, or v1). Production has no such thing.
 * Register URLs before each, says the portal. Never throws.
 *
 * @example await c2bSimulate(daraja, { shortcode: '600984', type: 'paybill', amount: 1, phone: '0708374149', billReference: 'INV-7' })
 */
export async function c2bSimulate(
  daraja: Daraja,
  simulation: C2bSimulation,
  options: SendOptions = {},
): Promise<Outcome<C2bSimulated>> {
  const { shortcode, amount, phone } = simulation
  const refusal = refuseLocally(
    [shortcodeObjection('short code', shortcode), amountObjection(amount), phoneObjection(phone)],
    options,
  )
  if (refusal) return refusal
  const version = simulation.version ?? 'v2'
  const reply = await post(daraja, `/mpesa/c2b/${version}/simulate`, {
    ShortCode: shortcode,
    CommandID: simulation.type === 'till' ? 'CustomerBuyGoodsOnline' : 'CustomerPayBillOnline',
    Amount: amount,
    Msisdn: parsePhone(phone) ?? phone,
    BillRefNumber: simulation.type === 'till' ? undefined : simulation.billReference,
  })
  return judge(reply, {
    accepted(json) {
      const originatorConversationId = asText(json['OriginatorCoversationID'])
      // Version 1 sends no ResponseCode, but a ConversationID.
      const code = json['ResponseCode'] ?? (version === 'v1' && json['ConversationID'] ? '0' : undefined)
      if (!isZero(code) || !originatorConversationId) return undefined
      const responseDescription = asText(json['ResponseDescription']) ?? ''
      return { conversationId: asText(json['ConversationID']), originatorConversationId, responseDescription }
    },
  })
}
